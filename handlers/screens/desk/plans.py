"""The plans as their keeper sees them, and as subscribers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.plan import Plan
from bot.services.plan_terms import terms_of
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens import renew
from handlers.screens.desk.home import desk_key
from handlers.screens.desk.words import field_name, term
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts

CHANGING: Final = "changing a plan"
DRAFT: Final = "plan draft"
A_PAGE: Final = 9


def plans(t: Texts, on_sale: Sequence[Plan], number: int, note: Html | None) -> Screen:
    last = max(0, (len(on_sale) - 1) // A_PAGE)
    number = min(number, last)
    on_sale = on_sale[number * A_PAGE : (number + 1) * A_PAGE]
    more = None
    if last:
        following = 0 if number == last else number + 1
        more = Key(t.plain("More ▶"), Press(Action.DESK_PLANS, number=following))
    listed = [
        t("{code} · {name} · {amount}", code=code(each.code), name=each.name(t.language),
          amount=f.money(t, each.price))
        for each in on_sale
    ]  # fmt: skip
    keys = [Key(each.code, Press(Action.DESK_PLAN, each.code)) for each in on_sale]
    return Screen(
        lines(note, bold(t("📦 Plans on sale")), *(listed or [t("Nothing is on sale.")])),
        rows(
            *abreast(keys, 3),
            [Key(t.plain("👁 Preview"), Press(Action.DESK_PREVIEW)), more, desk_key(t)],
        ),
        shows="desk plans",
    )


def preview(t: Texts, words: Sequence[Texts], on_sale: Sequence[Plan]) -> Screen:
    shown = [renew.browse_plans(each, list(on_sale)).text for each in words]
    return Screen(
        lines(bold(t("👁 As subscribers see it")), *(lines("", each) for each in shown)),
        rows([_back(t)]),
        shows="preview",
    )


def plan(t: Texts, plan: Plan) -> Screen:
    return Screen(
        lines(
            bold(t("📦 {code}, version {version}", code=plan.code, version=plan.version)),
            *_terms(t, plan),
        ),
        rows(
            [
                Key(t.plain("✏️ Change"), Press(Action.PLAN_CHANGE, plan.code)),
                Key(t.plain("📄 Copy"), Press(Action.PLAN_COPY, plan.code)),
                Key(t.plain("⬆️ Up"), Press(Action.PLAN_UP, plan.code)),
            ],
            [
                Key(t.plain("🗑 Withdraw"), Press(Action.PLAN_WITHDRAW, plan.code),
                    style="danger"),
                _back(t),
            ],
        ),
        shows="desk plan",
        subject=plan.code,
    )  # fmt: skip


def ask_terms(
    t: Texts, plan: Plan, draft: str, *, is_copy: bool, hint: Html | None = None
) -> Screen:
    title = t("📄 A new plan like {code}", code=plan.code)
    wanted = t("Send its code and what differs, a line each, such as:")
    example = "code M60\ndays 60\nprice 359\nzh 双月卡\nen 60 days"
    if not is_copy:
        title = t("✏️ Change {code}", code=plan.code)
        wanted = t("Send what changes, a line each, such as:")
        example = "price 209\nzh 月卡\nen Monthly"
    return Screen(
        lines(hint, bold(title), *_terms(t, plan), "", wanted, code(example)),
        rows([Key(t.plain("◀ Back"), Press(Action.DESK_PLAN, plan.code))]),
        shows=CHANGING,
        subject=draft,
    )


def unreadable(t: Texts, line: str) -> Html:
    return t("This line cannot be: {line}", line=code(line[:60]))


def surely(t: Texts, former: Plan | None, plan: Plan, token: str, draft: str) -> Screen:
    """What changes, the names in every language among it."""
    before = terms_of(former) if former is not None else {}
    differing = [
        t(
            "{field}: {before} → {after}",
            field=field_name(t, name),
            before=before[name],
            after=value,
        )
        if name in before
        else t("{field}: {after}", field=field_name(t, name), after=value)
        for name, value in terms_of(plan).items()
        if before.get(name) != value
    ]
    means = t("Open quotes are shown the change and confirmed anew; paid orders stay.")
    sell = Key(t.plain("✅ Put on sale"), Press(Action.PLAN_SELL, token), style="danger")
    keep = Key(t.plain("◀ Keep as it is"), Press(Action.DESK_PLANS, number=0))
    return Screen(
        lines(
            bold(t("📦 {code}: this changes", code=plan.code)),
            *(differing or [t("Nothing changes.")]),
            "",
            means,
        ),
        rows([keep], [sell if differing else None]),
        shows=DRAFT,
        subject=draft,
    )


def on_sale(t: Texts, code: str) -> Html:
    return t("✅ {code} is on sale so.", code=code)


def surely_withdraw(t: Texts, plan: Plan) -> Screen:
    return Screen(
        lines(
            bold(t("🗑 Withdraw {code}?", code=plan.code)),
            t("It is sold no more, also to those who have it on the screen. What was bought "
              "goes on."),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.DESK_PLAN, plan.code))],
            [
                Key(t.plain("🗑 Withdraw"), Press(Action.PLAN_WITHDRAW_SURELY, plan.code),
                    style="danger")
            ],
        ),
        shows="withdraw",
        subject=plan.code,
    )  # fmt: skip


def withdrawn(t: Texts, code: str) -> Html:
    return t("✅ {code} is sold no more.", code=code)


def _terms(t: Texts, plan: Plan) -> list[Html]:
    return [term(t, name, value) for name, value in terms_of(plan).items()]


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.DESK_PLANS, number=0))
