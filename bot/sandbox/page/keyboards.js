// The two kinds of keyboard: buttons under a message, and buttons in place of the letters.
import { button, el, icon } from "./dom.js";
import { t } from "./texts.js";

const STYLES = new Set(["primary", "success", "danger"]);

function styleClass(key) {
  const style = key.style ?? (key.pay ? "success" : null);
  return STYLES.has(style) ? ` ${style}` : "";
}

function inlineButton(key, onPress, isBusy) {
  const className = `inline-button${styleClass(key)}`;
  const label = el("span", { class: "inline-label", dir: "auto" }, key.text);
  if (key.url) {
    const address = /^(https?|tg):/i.test(key.url) ? key.url : null;
    return el("a", {
      class: className, href: address, target: "_blank", rel: "noopener noreferrer",
      "aria-label": `${key.text} ${t("opens_new_tab")}`,
    }, label, icon("open"));
  }
  const node = button(className, label, () => onPress(key, node), {
    disabled: Boolean(key.disabled), "aria-busy": isBusy(key) ? "true" : null,
  });
  if (key.copy_text) node.append(icon("copy"));
  if (key.pay) node.append(icon("card"));
  return node;
}

/**
 * Buttons under a message: `rows` as in InlineKeyboardMarkup.
 * `onPress(key, node)` for each but `url`, which is a plain link; `isBusy(key)`: still waits for
 * the bot's answer.
 */
export function inlineKeyboard(rows, onPress, isBusy) {
  return el("div", { class: "inline-keyboard" }, rows.map((row) =>
    el("div", { class: "inline-row" }, row.map((key) => inlineButton(key, onPress, isBusy)))));
}

/** Buttons in place of the letters: `rows` as in ReplyKeyboardMarkup. */
export function replyKeyboard(rows, onPress) {
  return rows.map((row) =>
    el("div", { class: "reply-row" }, row.map((key) => {
      const plain = typeof key === "string" ? { text: key } : key;
      return button(`reply-button${styleClass(plain)}`, plain.text, () => onPress(plain), { dir: "auto" });
    })));
}
