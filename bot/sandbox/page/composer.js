// Where a person writes: the field, the menus beside it, and the bot's reply keyboard below.
import { button, el, icon } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { t } from "./texts.js";

/** A button that opens a small menu above it. `items`: `[{label, hint?, act}]`, asked when it opens. */
function menu(className, glyph, label, items) {
  const list = el("div", { class: "menu", role: "menu", popover: "auto" });
  const opener = button(`icon-button ${className}`, icon(glyph), () => list.togglePopover(), {
    "aria-label": label, title: label, "aria-haspopup": "menu",
  });
  list.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    const { left, top } = opener.getBoundingClientRect();
    list.style.left = `${left}px`;
    list.style.bottom = `${window.innerHeight - top + 8}px`;
    list.replaceChildren(...items().map(({ label: text, hint, act }) =>
      button("menu-item", [el("span", {}, text), el("small", {}, hint ?? "")], () => {
        list.hidePopover();
        act();
      }, { role: "menuitem" })));
  });
  list.addEventListener("toggle", (event) => {
    if (event.newState === "open") list.querySelector(".menu-item")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [...list.children];
    entries.at((entries.indexOf(document.activeElement) + step) % entries.length).focus();
  });
  return el("span", { class: "menu-place" }, opener, list);
}

const ATTACHED = ["photo", "video", "voice", "document", "sticker"];

export class Composer {
  #commands = [];
  #keyboard = null;
  #editing = null;
  #empty = false;
  #blocked = false;

  /**
   * `people`, `person`: the cast and who writes here. `actions`: `send(what)` with the body of the
   * control API's send, `pressReply(key)`, `unblock()`, `extras()` more items for the menu of
   * what can be attached.
   */
  constructor(people, person, actions) {
    this.actions = actions;
    this.field = el("textarea", {
      class: "field", rows: "1", dir: "auto", placeholder: t("write"), "aria-label": t("write"),
      on: { input: () => this.#grow(), keydown: (event) => this.#key(event) },
    });
    this.submit = button("icon-button send", icon("send"), () => this.#send(), { "aria-label": t("send") });
    this.toggle = button("icon-button", icon("keyboard"), () => this.#showKeyboard(this.keys.hidden), { hidden: true });
    this.commands = menu("commands", "menu", t("commands"), () => this.#commands.map(
      ({ command, description }) => ({
        label: `/${command}`, hint: description, act: () => actions.send({ text: `/${command}` }),
      })));
    this.commands.hidden = true;
    const attach = menu("attach", "attach", t("attach"), () => [
      ...ATTACHED.map((kind) => ({ label: t(`send_${kind}`), act: () => this.#attach(kind) })),
      ...people.filter(({ id, phone }) => phone && id !== person.id).map(({ id, name, phone }) => ({
        label: t("forward_contact", { name }), hint: phone,
        act: () => actions.send({ forward_contact: { phone, user_id: id } }),
      })),
      ...actions.extras(),
    ]);
    this.editLabel = el("div", { class: "editing", hidden: true },
      icon("edit"), el("span", {}, t("editing")),
      button("icon-button", icon("close"), () => this.#stopEditing(), { "aria-label": t("cancel") }));
    this.row = el("div", { class: "write" }, this.commands, attach, this.field, this.toggle, this.submit);
    this.keys = el("div", { class: "reply-keyboard", hidden: true });
    this.start = button("big-button", t("start"), () => actions.send({ text: "/start" }), { hidden: true });
    this.unblock = button("big-button", t("unblock"), () => actions.unblock(), { hidden: true });
    this.node = el("footer", { class: "composer" },
      this.editLabel, this.start, this.unblock, this.row, this.keys);
  }

  setCommands(commands) {
    this.#commands = commands;
    this.commands.hidden = commands.length === 0;
  }

  setEmpty(empty) {
    this.#empty = empty;
    this.#settle();
  }

  setBlocked(blocked) {
    this.#blocked = blocked;
    this.#settle();
  }

  /** Puts a ReplyKeyboardMarkup in place, or takes it away (`null`). */
  setKeyboard(markup) {
    this.#keyboard = markup?.keyboard ? markup : null;
    this.field.placeholder = markup?.input_field_placeholder ?? t("write");
    this.keys.replaceChildren(...replyKeyboard(this.#keyboard?.keyboard ?? [], (key) => {
      this.actions.pressReply(key);
      if (markup.one_time_keyboard) this.#showKeyboard(false);
    }));
    this.toggle.hidden = !this.#keyboard;
    this.#showKeyboard(Boolean(this.#keyboard));
  }

  /** Takes one of the person's own messages back into the field. */
  edit(message) {
    this.#editing = message.message_id;
    this.editLabel.hidden = false;
    this.submit.setAttribute("aria-label", t("save_edit"));
    this.field.value = message.text;
    this.#grow();
    this.field.focus();
  }

  #stopEditing() {
    this.#editing = null;
    this.editLabel.hidden = true;
    this.submit.setAttribute("aria-label", t("send"));
    this.field.value = "";
    this.#grow();
  }

  #showKeyboard(shown) {
    this.keys.hidden = !shown;
    this.toggle.setAttribute("aria-expanded", String(shown));
    this.toggle.setAttribute("aria-label", t(shown ? "hide_keyboard" : "show_keyboard"));
  }

  #settle() {
    this.unblock.hidden = !this.#blocked;
    this.start.hidden = this.#blocked || !this.#empty;
    this.row.hidden = this.#blocked;
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    this.node.classList.toggle("written", this.field.value.trim() !== "");
  }

  /** What was written goes under what is attached, but for a sticker, which bears no words. */
  #attach(kind) {
    const caption = kind === "sticker" || this.#editing ? "" : this.field.value.trim();
    this.actions.send({ [kind]: true, caption });
    if (!caption) return;
    this.field.value = "";
    this.#grow();
  }

  #key(event) {
    if (event.key === "Escape" && this.#editing) return this.#stopEditing();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return undefined;
    event.preventDefault();
    return this.#send();
  }

  #send() {
    const text = this.field.value;
    if (!text.trim()) return;
    if (this.#editing) {
      this.actions.send({ edit: this.#editing, text });
      this.#stopEditing();
    } else {
      this.actions.send({ text });
      this.field.value = "";
      this.#grow();
    }
    this.field.focus();
  }
}
