"""How roles and deeds are called."""

from __future__ import annotations

from bot.domain.operator import Deed, Role
from handlers.html import Html, short_name
from handlers.texts import Texts


def role_name(t: Texts, role: Role) -> str:
    match role:
        case Role.OWNER:
            return t.plain("owner")
        case Role.FINANCE:
            return t.plain("finance")
        case Role.SUPPORT:
            return t.plain("support")
        case Role.MARKETING:
            return t.plain("marketing")


def deed_name(t: Texts, deed: Deed) -> Html:
    return {
        Deed.OPEN_DESK: t("open the desk"),
        Deed.ANNOUNCE: t("announcements"),
        Deed.KEEP_PLANS: t("plans and prices"),
        Deed.KEEP_COUPONS: t("coupons"),
        Deed.LOOK_UP: t("look up"),
        Deed.REFUND: t("refunds"),
        Deed.REFUND_ABOVE_LIMIT: t("refunds above the limit"),
        Deed.RETRY: t("retry fulfilment"),
        Deed.CREDIT: t("wallet credits"),
        Deed.WRITE: t("messages to subscribers"),
        Deed.SEE_WAITING: t("what waits"),
        Deed.CLOSE_CASE: t("support cases"),
        Deed.READ_STATISTICS: t("statistics"),
        Deed.MAINTAIN: t("maintenance"),
        Deed.READ_AUDIT: t("audit"),
        Deed.KEEP_OPERATORS: t("operators"),
    }[deed]


def person_name(t: Texts, person: int, name: str | None) -> str:
    """The name that the bot knows, else the number."""
    return short_name(name) if name else t.plain("No. {id}", id=person)
