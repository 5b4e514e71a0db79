// The messages of a chat, in order: shown, changed in place, gone, with the days between them.
import { button, el, icon } from "./dom.js";
import { dayNode, messageNode, refreshTimes } from "./message.js";
import { t } from "./texts.js";

const NEAR_THE_END_PX = 80;

export class Log {
  #messages = new Map();
  #names = false;

  /** `me`: a user id; `now()`: the sandbox's present; `actions`: those of `messageNode`. */
  constructor(me, now, actions) {
    this.me = me;
    this.now = now;
    this.actions = actions;
    this.list = el("ol", { class: "messages", "aria-label": t("messages") });
    this.hint = el("span", {}, t("nothing_yet_hint"));
    this.empty = el("div", { class: "empty", hidden: true },
      el("strong", {}, t("nothing_yet")), this.hint);
    this.scroller = el("div", {
      class: "log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": t("messages"),
      on: { scroll: () => this.#showJump() },
    }, this.list, this.empty);
    this.jump = button("jump", icon("down"), () => this.#toTheEnd("auto"), { "aria-label": t("newer"), hidden: true });
    this.node = el("div", { class: "paper" }, this.scroller, this.jump);
  }

  get isEmpty() {
    return this.#messages.size === 0;
  }

  setBusy(busy) {
    this.scroller.setAttribute("aria-busy", String(busy));
  }

  /** Shows these and no others; `names`: with who wrote each, as among several. */
  show(messages, names) {
    this.#names = names;
    this.hint.hidden = names;
    this.#messages = new Map(messages.map((message) => [message.message_id, message]));
    this.list.replaceChildren();
    for (const message of messages) this.#append(message);
    this.#settle();
    this.#toTheEnd();
  }

  has(messageId) {
    return this.#messages.has(messageId);
  }

  arrived(message) {
    if (this.has(message.message_id)) {
      this.changed(message);
      return;
    }
    const follow = this.#atTheEnd() || message.from?.id === this.me;
    this.#messages.set(message.message_id, message);
    this.#append(message).classList.add("new");
    this.#settle();
    if (follow) this.#toTheEnd("auto");
  }

  changed(message) {
    this.#messages.set(message.message_id, message);
    const old = this.#item(message.message_id);
    if (!old) return;
    const follow = this.#atTheEnd();
    const fresh = this.#node(message);
    const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(fresh);
    if (focused >= 0) {
      const places = fresh.querySelectorAll("button, a");
      (places[Math.min(focused, places.length - 1)] ?? this.scroller).focus();
    }
    this.#settle();
    if (follow) this.#toTheEnd();
  }

  gone(messageId) {
    this.#messages.delete(messageId);
    this.#item(messageId)?.remove();
    this.#settle();
  }

  /** An edit may have put a new keyboard in the place of the one that was pressed. */
  refreshBusy(messageId) {
    const message = this.#messages.get(messageId);
    if (message && this.#item(messageId)?.querySelector("[aria-busy]")) this.changed(message);
  }

  refreshTimes() {
    refreshTimes(this.list, this.now());
  }

  #item(messageId) {
    return this.list.querySelector(`[data-id="${messageId}"]`);
  }

  #node(message) {
    return messageNode(message, this.me, this.actions, this.#names);
  }

  #append(message) {
    const date = new Date(message.date * 1000);
    const last = this.list.lastElementChild?.dataset.date;
    if (!last || new Date(last * 1000).toDateString() !== date.toDateString()) {
      this.list.append(dayNode(date, this.now()));
    }
    const item = this.#node(message);
    this.list.append(item);
    return item;
  }

  /** Brings what depends on the whole chat up to date: groups and the empty state. */
  #settle() {
    const items = [...this.list.children];
    items.forEach((item, place) => {
      const { from } = item.dataset;
      item.classList.toggle("first-of-group", items[place - 1]?.dataset.from !== from);
      item.classList.toggle("last-of-group", items[place + 1]?.dataset.from !== from);
    });
    this.empty.hidden = !this.isEmpty;
  }

  #atTheEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  }

  #toTheEnd(behavior = "instant") {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
  }

  #showJump() {
    this.jump.hidden = this.#atTheEnd();
  }
}
