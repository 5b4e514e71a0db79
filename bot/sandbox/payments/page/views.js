// What stands on the pay page at each stage. Nothing here talks to the server.
import { avatar, button, el, icon } from "/page/dom.js";
import * as format from "/page/format.js";
import { t } from "./texts.js";

const TEST_CARDS = { test_ok: "4242 4242 4242 4242", test_declined: "4000 0000 0000 0002", test_confirm: "4000 0025 0000 3155" };
const WALLET_MARKS = { alipay: "支", wechat_pay: "微" };

const amountOf = (session) => format.money(session.total, session.currency);
const mark = (method) => el("span", { class: `mark ${method}`, "aria-hidden": "true" }, WALLET_MARKS[method] ?? icon("card"));
const problemView = (problem) => problem ? el("p", { class: "problem", role: "alert" }, t(problem)) : null;

/** The bar: whom one pays, that it is a test, and the other language. */
export function bar(session, otherLanguage) {
  return [
    avatar(3, session.merchant),
    el("strong", {}, session.merchant),
    el("span", { class: "test-mode" }, t("test_mode")),
    el("a", { href: otherLanguage }, t("other_language")),
  ];
}

/** When the session ends, with the day unless that is today. */
function deadline(session) {
  const end = new Date(session.expires_at * 1000);
  const isToday = format.day(end) === format.day(new Date(session.now * 1000));
  return isToday ? format.time(end) : `${format.day(end)} ${format.time(end)}`;
}

/** What is paid for, and until when. */
export function bill(session) {
  const items = session.items.map((item) =>
    el("li", { class: "bill-item" },
      el("span", { dir: "auto" }, item.name,
        item.quantity > 1 ? ` ${t("quantity", { count: item.quantity })}` : null,
        item.description ? el("small", {}, item.description) : null),
      el("span", {}, format.money(item.amount, session.currency))));
  return el("section", { class: "sheet" },
    el("p", { class: "bill-to" }, t("pay_to", session)),
    el("p", { class: "bill-total" }, amountOf(session)),
    el("ol", { class: "bill-items" }, items),
    el("p", { class: "bill-until" }, t("until", { time: deadline(session) })));
}

function field(name, props, wide = false) {
  return el("label", { class: wide ? "field wide" : "field" }, t(name),
    el("input", { name, required: true, inputmode: "numeric", ...props }));
}

function cardForm(session) {
  const form = el("div", { class: "card-form" },
    field("number", { autocomplete: "cc-number", placeholder: "4242 4242 4242 4242", maxlength: 23 }, true),
    field("expiry", { autocomplete: "cc-exp", placeholder: "12/30", maxlength: 7 }),
    field("cvc", { autocomplete: "cc-csc", placeholder: "123", maxlength: 4 }),
    el("div", { class: "tries" }, t("test_cards"),
      Object.entries(TEST_CARDS).map(([label, number]) => button("try", t(label), () => fill(number)))),
    session.saves_card ? el("p", { class: "consent" }, t("saved_for_later", session)) : null);
  const input = (name) => form.querySelector(`[name=${name}]`);
  function fill(number) {
    input("number").value = number;
    input("expiry").value = "12/34";
    input("cvc").value = "123";
  }
  input("number").addEventListener("input", ({ target }) => {
    if (target.selectionStart !== target.value.length) return;
    target.value = target.value.replace(/\D/g, "").slice(0, 19).replace(/(\d{4})(?=\d)/g, "$1 ");
  });
  input("expiry").addEventListener("input", ({ target }) => {
    if (/^\d{3,4}$/.test(target.value)) target.value = `${target.value.slice(0, 2)}/${target.value.slice(2)}`;
  });
  return form;
}

/**
 * Choosing how to pay. `onCard({number, expiry, cvc})` and `onWallet(method)` when "pay" is
 * pressed; `problem` is the text key of what went wrong before.
 */
export function choosing(session, chosen, problem, { onChoose, onCard, onWallet }) {
  const ways = session.methods.map((method) => el("label", { class: "way" },
    el("input", { type: "radio", name: "method", value: method, checked: method === chosen, on: { change: () => onChoose(method) } }),
    el("span", { class: "way-face" }, mark(method), t(method))));
  const isCard = chosen === "card";
  const label = isCard ? t("pay", { amount: amountOf(session) }) : t("continue_with", { wallet: t(chosen) });
  const form = el("form", { class: "sheet", novalidate: true },
    el("h2", { id: "how" }, t("how")),
    el("div", { class: "ways", role: "radiogroup", "aria-labelledby": "how" }, ways),
    isCard ? cardForm(session) : null,
    problemView(problem),
    el("button", { class: `pay-button ${chosen}` }, label),
    session.cancel_url ? el("a", { class: "quiet-button", href: session.cancel_url }, t("cancel")) : null);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isCard) return onWallet(chosen);
    const { number, expiry, cvc } = Object.fromEntries(new FormData(form));
    return onCard({ number, expiry, cvc });
  });
  return form;
}

/** Marks the card's field that cannot be right. */
export function markWrong(form, name) {
  form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
  form.querySelectorAll(".field-problem").forEach((text) => text.remove());
  const input = form.querySelector(`[name=${name}]`);
  input.setAttribute("aria-invalid", "true");
  input.after(el("span", { class: "field-problem", role: "alert" }, t(`bad_${name}`)));
  input.focus();
}

/** The wallet's code, and the button that does what its app would do. */
export function wallet(session, method, { onPay, onBack }) {
  const name = t(method);
  return el("section", { class: "sheet wallet" },
    el("h2", {}, mark(method), t("scan", { wallet: name })),
    el("img", { class: "wallet-code", src: `/pay/${session.id}/${method}.svg`, alt: t("code_of", { wallet: name }) }),
    el("p", { class: "wallet-hint" }, t("scan_hint", { wallet: name })),
    button(`pay-button ${method}`, t("pay_in", { wallet: name, amount: amountOf(session) }), onPay),
    button("quiet-button", t("another"), onBack));
}

/** The bank asks the card's holder. `onAnswer(approved)`. */
export function bank(session, onAnswer) {
  return el("section", { class: "sheet" },
    el("div", { class: "bank-head" }, mark("card"), t("bank")),
    el("h2", {}, t("bank_title")),
    el("p", { class: "bank-body" }, t("bank_body", { merchant: session.merchant, amount: amountOf(session), ending: session.card_ending })),
    button("pay-button", t("approve"), () => onAnswer(true)),
    button("quiet-button", t("refuse"), () => onAnswer(false)));
}

const END_ICONS = { paid: "done", processing: "send" };

/** The end: paid, processing, failed, expired or unknown; `address` is where to go from here. */
export function end(stage, session, address) {
  const good = stage === "paid" || stage === "processing";
  const values = session ? { merchant: session.merchant, amount: amountOf(session) } : {};
  return el("section", { class: `sheet end ${stage}`, role: "status" },
    el("span", { class: "end-mark" }, icon(END_ICONS[stage] ?? "close")),
    el("h2", {}, t(stage)),
    el("p", {}, t(`${stage}_hint`, values)),
    address ? el("a", { class: "pay-button", href: address }, t("back", values)) : null,
    good ? el("p", {}, t("returning", values)) : null);
}
