// The chat of one person with the bot: what was said, and what the person can do.
import * as api from "./api.js";
import { copy } from "./clipboard.js";
import { Composer } from "./composer.js";
import { alert, confirmContact, failure, notice, paySheet } from "./dialogs.js";
import { avatar, button, el, icon } from "./dom.js";
import { dayNode, messageNode, refreshTimes } from "./message.js";
import { t } from "./texts.js";

const TYPING_MS = 5000;
const NEAR_THE_END_PX = 80;

/** Shows how the bot answered a pressed button. */
function showAnswer({ answered, alert: mustRead, toast, url }) {
  if (!answered) notice(t("no_answer"));
  else if (mustRead) alert(mustRead);
  else if (toast) notice(toast);
  if (url) window.open(url, "_blank", "noopener");
}

export class Chat {
  #messages = new Map();
  #waitingFor = new Set();
  #typingTimer;
  #meanwhile = null;

  /**
   * `person`: one of `people` (User objects with `phone`); `world`: `now()` the sandbox's present,
   * `nextPayment()` the outcome to ask for; `onPerson(id)`: another person was chosen.
   */
  constructor(person, people, world, onPerson) {
    this.person = person;
    this.world = world;
    this.composer = new Composer(people, person, {
      send: (what) => this.#try(api.send(person.id, what)),
      pressReply: (key) => this.#pressReply(key),
      block: (blocked) => this.#try(blocked ? api.block(person.id) : api.unblock(person.id)),
    });
    this.list = el("ol", { class: "messages", "aria-label": t("messages") });
    this.empty = el("div", { class: "empty", hidden: true },
      el("strong", {}, t("nothing_yet")), el("span", {}, t("nothing_yet_hint")));
    this.log = el("div", {
      class: "log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": t("messages"),
      on: { scroll: () => this.#showJump() },
    }, this.list, this.empty);
    this.jump = button("jump", icon("down"), () => this.#toTheEnd("auto"), { "aria-label": t("newer"), hidden: true });
    this.node = el("section", { class: "chat", "aria-label": t("chat_of", { name: person.name }) },
      this.#header(people, onPerson),
      el("div", { class: "paper" }, this.log, this.jump), this.composer.node);
  }

  /** Fetches the whole chat and shows it. */
  async load() {
    const meanwhile = [];
    this.#meanwhile = meanwhile;
    this.log.setAttribute("aria-busy", "true");
    try {
      this.#show(await api.chat(this.person.id));
    } finally {
      // Another load that has begun since goes on collecting.
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
    for (const [kind, data] of meanwhile) this.take(kind, data);
    this.log.setAttribute("aria-busy", "false");
  }

  #show({ bot, messages, keyboard, blocked, commands }) {
    this.title.textContent = bot.first_name;
    this.#messages = new Map(messages.map((message) => [message.message_id, message]));
    this.list.replaceChildren();
    for (const message of messages) this.#append(message);
    this.composer.setKeyboard(keyboard);
    this.composer.setCommands(commands);
    this.composer.setBlocked(blocked);
    this.#settle();
    this.#toTheEnd();
  }

  /**
   * Takes in one event of the stream that belongs to this chat. What happens while the chat is
   * being fetched waits: the fetched state may be older.
   */
  take(kind, data) {
    if (this.#meanwhile) {
      this.#meanwhile.push([kind, data]);
      return;
    }
    if (kind === "message") this.#arrived(data.message);
    if (kind === "edited") this.#changed(data.message);
    if (kind === "deleted") this.#gone(data.message_id);
    if (kind === "keyboard") this.composer.setKeyboard(data.keyboard);
    if (kind === "blocked") this.composer.setBlocked(data.blocked);
    if (kind === "action") this.#typing(true);
  }

  /** Fetches the menu of commands again. */
  async loadCommands() {
    this.composer.setCommands((await api.chat(this.person.id)).commands);
  }

  /** Shows what depends on the present, such as "in 3 hours", as it is now. */
  refreshTimes() {
    refreshTimes(this.list, this.world.now());
  }

  #header(people, onPerson) {
    this.title = el("strong", { class: "chat-name" });
    this.status = el("span", { class: "chat-status" }, t("bot"));
    const select = el("select", {
      "aria-label": t("you_are"), on: { change: () => onPerson(Number(select.value)) },
    }, people.map(({ id, name }) => el("option", { value: id, selected: id === this.person.id }, name)));
    return el("header", { class: "chat-head" },
      el("img", { class: "avatar", src: "/page/icon.svg", alt: "" }),
      el("span", { class: "chat-title" }, this.title, this.status),
      el("label", { class: "persona", title: t("you_are") },
        avatar(this.person.id, this.person.name), select, icon("down")));
  }

  // ---- what happened ----

  #arrived(message) {
    if (this.#messages.has(message.message_id)) {
      this.#changed(message);
      return;
    }
    const follow = this.#atTheEnd() || message.from?.id === this.person.id;
    this.#messages.set(message.message_id, message);
    this.#append(message).classList.add("new");
    if (message.from?.is_bot) this.#typing(false);
    this.#settle();
    if (follow) this.#toTheEnd("auto");
  }

  #changed(message) {
    this.#messages.set(message.message_id, message);
    const old = this.#item(message.message_id);
    if (!old) return;
    const follow = this.#atTheEnd();
    const fresh = this.#node(message);
    const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(fresh);
    if (focused >= 0) {
      const places = fresh.querySelectorAll("button, a");
      (places[Math.min(focused, places.length - 1)] ?? this.log).focus();
    }
    this.#settle();
    if (follow) this.#toTheEnd();
  }

  #gone(messageId) {
    this.#messages.delete(messageId);
    this.#item(messageId)?.remove();
    this.#settle();
  }

  #typing(on) {
    clearTimeout(this.#typingTimer);
    this.status.textContent = t(on ? "typing" : "bot");
    this.status.classList.toggle("typing", on);
    if (on) this.#typingTimer = setTimeout(() => this.#typing(false), TYPING_MS);
  }

  // ---- how it is shown ----

  #item(messageId) {
    return this.list.querySelector(`[data-id="${messageId}"]`);
  }

  #node(message) {
    return messageNode(message, this.person.id, {
      press: (of, key, node) => this.#press(of, key, node),
      isBusy: (of, key) => this.#waitingFor.has(`${of.message_id} ${key.callback_data}`),
      edit: (of) => this.composer.edit(of),
      copy,
      sendText: (text) => this.#try(api.send(this.person.id, { text })),
      now: () => this.world.now(),
    });
  }

  #append(message) {
    const date = new Date(message.date * 1000);
    const last = this.list.lastElementChild?.dataset.date;
    if (!last || new Date(last * 1000).toDateString() !== date.toDateString()) {
      this.list.append(dayNode(date, this.world.now()));
    }
    const item = this.#node(message);
    this.list.append(item);
    return item;
  }

  /** Brings what depends on the whole chat up to date: groups and the empty state. */
  #settle() {
    const items = [...this.list.children];
    items.forEach((item, place) => {
      const next = items[place + 1];
      item.classList.toggle("last-of-group", next?.dataset.from !== item.dataset.from);
    });
    const empty = this.#messages.size === 0;
    this.empty.hidden = !empty;
    this.composer.setEmpty(empty);
  }

  #atTheEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  }

  #toTheEnd(behavior = "instant") {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior });
  }

  #showJump() {
    this.jump.hidden = this.#atTheEnd();
  }

  // ---- what the person does ----

  async #press(message, key, node) {
    if (key.copy_text) copy(key.copy_text.text);
    else if (key.pay) this.#pay(message);
    else if (key.callback_data) await this.#callBack(message.message_id, key.callback_data, node);
    else notice(t("no_action"));
  }

  /** Presses a button and shows the bot's answer; until then it turns, and can't be pressed again. */
  async #callBack(messageId, data, node) {
    const waiting = `${messageId} ${data}`;
    if (this.#waitingFor.has(waiting)) return;
    this.#waitingFor.add(waiting);
    node.setAttribute("aria-busy", "true");
    const answer = await this.#try(api.press(this.person.id, messageId, data));
    this.#waitingFor.delete(waiting);
    this.#refreshBusy(messageId);
    if (answer) showAnswer(answer);
  }

  /** An edit may have put a new keyboard in the place of the one that was pressed. */
  #refreshBusy(messageId) {
    const message = this.#messages.get(messageId);
    const item = this.#item(messageId);
    if (message && item?.querySelector("[aria-busy]")) this.#changed(message);
  }

  async #pressReply(key) {
    if (!key.request_contact) {
      this.#try(api.send(this.person.id, { text: key.text }));
    } else if (await confirmContact(this.person.phone)) {
      this.#try(api.shareContact(this.person.id));
    }
  }

  #pay(message) {
    const outcome = this.world.nextPayment();
    paySheet(message.invoice, () => api.pay(this.person.id, message.message_id, outcome.take()));
  }

  async #try(promise) {
    try {
      return await promise;
    } catch (error) {
      return failure(error);
    }
  }
}
