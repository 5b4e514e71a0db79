// What stands above the chat: a passing notice, alerts, the question before a phone number is
// shared, and the sheet that pays an invoice.
import { button, el, icon } from "./dom.js";
import * as format from "./format.js";
import { t } from "./texts.js";

const NOTICE_MS = 3500;
let noticeTimer;

/** Shows a line for a moment, as Telegram shows the answer to a button. */
export function notice(text, forMs = NOTICE_MS) {
  const node = document.getElementById("notice");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { node.hidden = true; }, forMs);
}

/** Says that something did not work, with the reason. */
export function failure(error) {
  notice(t("failed", { reason: error.message }));
}

/** Opens a modal dialog; it leaves the page when it closes. Escape closes it. */
function open(className, label, ...content) {
  const dialog = el("dialog", { class: `dialog ${className}`, "aria-label": label }, ...content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A text that must be read: stays until dismissed. */
export function alert(text) {
  const dialog = open("alert", text,
    el("p", { class: "dialog-text", dir: "auto" }, text),
    el("div", { class: "dialog-actions" },
      button("dialog-button", t("ok"), () => dialog.close(), { autofocus: true })));
}

/** Asks before a phone number is shared, as Telegram does; resolves to the answer. */
export function confirmContact(phone) {
  return new Promise((resolve) => {
    const dialog = open("alert", t("share_title"),
      el("h2", {}, t("share_title")),
      el("p", { class: "dialog-text" }, t("share_body", { phone })),
      el("div", { class: "dialog-actions" },
        button("dialog-button", t("cancel"), () => dialog.close()),
        button("dialog-button strong", t("share"), () => dialog.close("share"), { autofocus: true })));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "share"));
  });
}

const OUTCOMES = {
  paid: (amount) => t("outcome_paid_hint", { amount }),
  refused: (amount, answer) => answer.error_message ?? t("not_charged"),
  timeout: () => t("not_charged"),
  declined: () => t("not_charged"),
};

function outcomeView(answer, amount, close) {
  const good = answer.outcome === "paid";
  return el("div", { class: `outcome ${good ? "good" : "bad"}`, role: "status" },
    el("span", { class: "outcome-mark" }, icon(good ? "done" : "close")),
    el("strong", {}, t(`outcome_${answer.outcome}`)),
    el("span", { dir: "auto" }, OUTCOMES[answer.outcome](amount, answer)),
    button("sheet-button", t("ok"), close, { autofocus: true }));
}

/**
 * The sheet that pays an invoice. `pay()` pays and resolves to
 * `{outcome: "paid" | "refused" | "timeout" | "declined", error_message?}`.
 */
export function paySheet(invoice, pay) {
  const amount = format.money(invoice.total_amount, invoice.currency);
  const submit = button("sheet-button", t("pay", { amount }), async () => {
    submit.disabled = true;
    submit.setAttribute("aria-busy", "true");
    submit.textContent = t("paying");
    try {
      const outcome = outcomeView(await pay(), amount, () => dialog.close());
      body.replaceChildren(outcome);
      outcome.querySelector("button").focus();
    } catch (error) {
      dialog.close();
      failure(error);
    }
  }, { autofocus: true });
  const body = el("div", { class: "sheet-body" },
    el("div", { class: "sheet-item" },
      el("strong", { dir: "auto" }, invoice.title),
      el("span", { dir: "auto" }, invoice.description)),
    el("div", { class: "sheet-row" }, el("span", {}, t("total")), el("strong", {}, amount)),
    el("div", { class: "sheet-row" },
      el("span", {}, t("pay_with")),
      el("span", { class: "sheet-card" }, icon("card"), t("test_card"))),
    el("p", { class: "sheet-hint" }, t("test_card_hint")),
    submit);
  const dialog = open("sheet", t("pay_title"),
    el("header", { class: "sheet-head" },
      el("h2", {}, t("pay_title")),
      button("icon-button", icon("close"), () => dialog.close(), { "aria-label": t("close") })),
    body);
}
