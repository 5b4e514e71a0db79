"""The receipt as a message and on paper, and the orders as a table."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from bot.domain.coupon import Discount
from bot.domain.dispute import DisputeState
from bot.domain.money import STARS, Money
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.payment import Charge, PaymentMethod, Refund, RefundStatus
from bot.services.card_port import KeptCard
from bot.services.platform import SavedCard
from bot.services.read_bills import Bill, Receipt
from handlers.screens import bills, orders, paper, table
from handlers.texts import Texts, languages, texts
from tests.handlers.facts import BRANDING, EN, LINE, MONTHLY, NOW, ORDER, WORDS, ZH, card, yuan
from tests.handlers.reading import labels, seen

PAID = replace(
    ORDER,
    total=yuan(179),
    discount=Discount("NEW20", yuan(20)),
    status=OrderStatus.FULFILLED,
    paid_at=NOW + timedelta(minutes=1),
    paid_with="invoice",
    receipt_number=12,
)
CHARGE = Charge("tg-charge-1", "payment-1", 1001, yuan(179), "provider-7", NOW)
REFUND = Refund(
    key=f"order:{ORDER.id}",
    order_id=ORDER.id,
    charge_id=None,
    method=PaymentMethod.INVOICE,
    amount=yuan(179),
    status=RefundStatus.DUE,
    reason="rejected",
    created_at=NOW + timedelta(hours=2),
    credit_note_number=3,
)


def receipt(order: Order = PAID, *refunds: Refund, charges: tuple[Charge, ...] = (CHARGE,)) -> Any:
    return Receipt(12, Bill(order, MONTHLY, LINE, list(refunds)), list(charges))


def printed(t: Texts, shown: Receipt) -> str:
    """The words on the paper, without what wrapping put between them."""
    pdf = PdfReader(io.BytesIO(paper.typeset(bills.receipt_paper(t, shown, BRANDING))))
    return "\n".join(page.extract_text() for page in pdf.pages)


def rows(t: Texts, *orders_billed: Bill) -> list[list[str]]:
    content = table.write(bills.orders_table(t, orders_billed, NOW.date()))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


# ── the message ───────────────────────────────────────────────────────────────────────────────────


def test_a_receipt_says_what_was_bought_what_it_cost_and_how_it_was_paid() -> None:
    assert seen(bills.receipt(ZH, receipt(), BRANDING)).split("\n") == [
        "收据 12",
        "LEB",
        "",
        "订单号：LEB-2611-8K3F",
        "套餐：月卡 · 30 天",
        "号码：+86 138 •••• 1001",
        "下单：11月22日 15:00",
        "",
        "价格：¥199.00",
        "优惠券 NEW20：−¥20.00",
        "合计：¥179.00",
        "税费：已含在合计内",
        "",
        "支付方式：Telegram 银行卡",
        "已支付：11月22日 15:01",
        "支付平台单号：tg-charge-1 · provider-7",
    ]


def test_without_a_coupon_only_the_total_is_said() -> None:
    shown = seen(bills.receipt(EN, receipt(replace(PAID, discount=None)), BRANDING))
    assert "Total: ¥179.00" in shown
    assert "Price" not in shown


def test_a_kept_card_is_named_by_its_last_digits() -> None:
    kept = KeptCard(7, 1001, SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030), NOW)
    order = replace(PAID, paid_with="card")
    shown = replace(receipt(order), card=kept)
    assert "Paid with: bank card · Visa •• 4242\n" in seen(bills.receipt(EN, shown, BRANDING))
    assert "Visa •• 4242" in printed(ZH, shown)


def test_a_top_up_says_nothing_of_taxes() -> None:
    order = replace(PAID, buys=TopUp(), discount=None, total=yuan(50))
    shown = Receipt(12, Bill(order, None, LINE, []), [CHARGE])
    said = seen(bills.receipt(EN, shown, BRANDING))
    assert "Item: Wallet top-up\n" in said
    assert "Total: ¥50.00\n\nPaid with" in said
    head, row = rows(EN, shown.bill)
    told = dict(zip(head, row, strict=True))
    assert (told["Plan"], told["Days"], told["Price"]) == ("Wallet top-up", "", "50.00")


def test_stars_are_told_in_words_on_paper_and_as_whole_numbers_in_the_table() -> None:
    price = Money(1250, STARS)
    order = replace(PAID, total=price, discount=None, paid_with="stars")
    paid = Charge("stars-charge-1", "payment-1", 1001, price, "", NOW)
    back = replace(REFUND, amount=price, method=PaymentMethod.STARS, status=RefundStatus.DONE)
    shown = receipt(order, back, charges=(paid,))
    said = seen(bills.receipt(ZH, shown, BRANDING))
    assert "合计：1,250 颗星星\n" in said
    assert "支付方式：Telegram 星星\n" in said
    assert "1,250 Stars" in printed(EN, shown)
    head, row = rows(EN, shown.bill)
    told = dict(zip(head, row, strict=True))
    assert (told["Currency"], told["Total"], told["Sent back"]) == ("XTR", "1250", "1250")


def test_a_refund_stands_with_its_credit_note() -> None:
    shown = seen(bills.receipt(EN, receipt(PAID, REFUND), BRANDING))
    assert shown.endswith("Credit note 3: −¥179.00 · Nov 22 17:00 · on its way back")
    sent = replace(REFUND, status=RefundStatus.DONE)
    assert seen(bills.receipt(EN, receipt(PAID, sent), BRANDING)).endswith("sent back")


@pytest.mark.parametrize("t", WORDS)
def test_only_a_paid_order_offers_its_receipt(t: Texts) -> None:
    offered = [key.label for key in _keys(t, receipt_number=1, paid_at=NOW, status="fulfilled")]
    assert any("🧾" in label for label in offered)
    assert not any("🧾" in key.label for key in _keys(t))


def test_the_receipt_opens_below_the_card_that_is_kept_up_to_date() -> None:
    (key,) = [each for each in _keys(EN, receipt_number=1) if "Receipt" in each.label]
    assert key.press is not None
    assert key.press.anew


def _keys(t: Texts, **order: Any) -> Any:
    screen = orders.order_card(t, card(**order))
    return [key for row in screen.keys for key in row]


def test_the_receipt_leads_to_its_paper_and_back() -> None:
    assert labels(bills.receipt(EN, receipt(), BRANDING)) == ["📄 PDF", "◀ Order", "🏠 Home"]


# ── the paper ─────────────────────────────────────────────────────────────────────────────────────


def test_the_paper_says_the_same_with_instants_in_the_lines_zone() -> None:
    words = printed(ZH, receipt(PAID, REFUND))
    for part in (
        "收据 12", "LEB-2611-8K3F", "月卡 · 30 天", "优惠券 NEW20", "−¥20.00", "¥179.00",
        "2026-11-22 15:01+08:00", "tg-charge-1 · provider-7", "退款凭证 3",
    ):  # fmt: skip
        assert part in words


@pytest.mark.parametrize(
    ("language", "font"), [("zh_Hans", "NotoSansSC"), ("zh_Hant", "NotoSansCJKtc")]
)
def test_the_paper_brings_its_letters_along(language: str, font: str) -> None:
    """A phone need not have a Chinese font."""
    content = paper.typeset(bills.receipt_paper(texts(language), receipt(), BRANDING))
    fonts = PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    used = [each.get_object() for each in fonts if font in each.get_object()["/BaseFont"]]
    assert used
    assert all("/FontFile2" in each["/FontDescriptor"] for each in used)
    assert len(content) < 50_000


def test_a_long_number_is_broken_and_markup_stays_text() -> None:
    long = replace(CHARGE, id="x" * 200, platform_ref="<b>&")
    words = printed(EN, receipt(charges=(long,)))
    assert words.replace("\n", "").count("x" * 200) == 1
    assert "<b>&" in words


@pytest.mark.parametrize(
    ("t", "name"),
    [(ZH, "全球漫游不限量流量套餐（含港澳台）" * 5), (EN, "An extraordinarily long name " * 6)],
)
def test_a_long_name_is_broken_within_the_page(t: Texts, name: str) -> None:
    shown = receipt()
    long = replace(shown.bill, plan=replace(MONTHLY, names={"en": name, "zh_Hans": name}))
    facts = bills.receipt_paper(t, replace(shown, bill=long), BRANDING)
    content, font = paper.typeset(facts), paper.font_for(facts).fontName
    ends: list[float] = []

    def measure(text: str, page: list[float], place: list[float], _: Any, size: float) -> None:
        ends.append(page[4] + place[4] + stringWidth(text.strip(), font, size))

    (page,) = PdfReader(io.BytesIO(content)).pages
    words = page.extract_text(visitor_text=measure)
    assert name.replace(" ", "") in re.sub(r"\s", "", words)
    assert max(ends) < page.mediabox.width


def test_many_refunds_go_on_to_the_next_page() -> None:
    refunds = [replace(REFUND, credit_note_number=number) for number in range(1, 41)]
    assert "Credit note 40" in printed(EN, receipt(PAID, *refunds))


@pytest.mark.parametrize("language", languages())
def test_every_word_of_the_receipt_has_its_letters(language: str) -> None:
    for dispute in (None, *DisputeState):
        shown = Receipt(12, Bill(PAID, MONTHLY, LINE, [REFUND], dispute), [CHARGE])
        facts = bills.receipt_paper(texts(language), shown, BRANDING)
        font = paper.font_for(facts).face.charToGlyph
        assert [each for each in str(facts) if ord(each) not in font] == []


@pytest.mark.parametrize(
    ("dispute", "zh", "en"),
    [
        (DisputeState.INQUIRY, "银行争议处理中", "disputed at the bank"),
        (DisputeState.OPEN, "银行争议处理中", "disputed at the bank"),
        (DisputeState.LOST, "已由银行退回", "taken back by the bank"),
    ],
)
def test_a_disputed_payment_is_told_as_such_on_the_receipt_and_in_the_table(
    dispute: DisputeState, zh: str, en: str
) -> None:
    bill = Bill(PAID, MONTHLY, LINE, [], dispute)
    for t, words in ((ZH, zh), (EN, en)):
        assert words in seen(bills.receipt(t, Receipt(12, bill, [CHARGE]), BRANDING))
        _, row = rows(t, bill)
        assert row[1].endswith(f" · {words}")


def test_a_dispute_that_was_won_leaves_no_word() -> None:
    bill = Bill(PAID, MONTHLY, LINE, [], DisputeState.WON)
    assert "bank" not in seen(bills.receipt(EN, Receipt(12, bill, [CHARGE]), BRANDING))
    assert rows(EN, bill)[1][1] == "ready"


# ── the table ─────────────────────────────────────────────────────────────────────────────────────


def test_a_row_has_amounts_as_decimals_and_instants_in_utc() -> None:
    head, row = rows(EN, Bill(PAID, MONTHLY, LINE, [REFUND]))
    said = dict(zip(head, row, strict=True))
    assert (said["Currency"], said["Price"], said["Discount"]) == ("CNY", "199.00", "20.00")
    assert (said["Total"], said["Sent back"], said["Credit notes"]) == ("179.00", "179.00", "3")
    assert (said["Ordered"], said["Paid"]) == ("2026-11-22T07:00:00Z", "2026-11-22T07:01:00Z")
    assert (said["Receipt"], said["Line"], said["Ready"]) == ("12", "•••• 1001", "")


def test_an_order_that_was_never_paid_leaves_its_cells_empty() -> None:
    head, row = rows(ZH, Bill(ORDER, MONTHLY, LINE, []))
    said = dict(zip(head, row, strict=True))
    assert (said["状态"], said["合计"]) == ("等待支付", "199.00")
    assert [said[name] for name in ("支付方式", "收据号", "退款金额", "优惠券")] == [""] * 4


@pytest.mark.parametrize("status", list(OrderStatus))
def test_every_status_has_its_word(status: OrderStatus) -> None:
    _, row = rows(EN, Bill(replace(ORDER, status=status), MONTHLY, LINE, []))
    assert row[1]


def test_the_file_is_known_as_utf_8() -> None:
    assert table.write({"rows": [["订单号"]]}) == b"\xef\xbb\xbf" + "订单号\r\n".encode()


@pytest.mark.parametrize(
    "start",
    [
        "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−",
        " =", "\t＝", "\u200b=", "\u3000@",
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(start: str) -> None:
    written = table.write({"rows": [["plain", f'{start}HYPERLINK("x")']]}).decode("utf-8-sig")
    ((plain, cell),) = csv.reader(io.StringIO(written, newline=""))
    assert plain == "plain"
    assert cell == f'\'{start}HYPERLINK("x")'
