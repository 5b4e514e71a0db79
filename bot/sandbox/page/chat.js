// The chats of one person: the private one with the bot, and the topics of their groups. One of them
// is open, or the list of all.
import * as api from "./api.js";
import { copy } from "./clipboard.js";
import { Composer } from "./composer.js";
import { alert, confirmContact, failure, notice, paySheet } from "./dialogs.js";
import { el } from "./dom.js";
import { Head } from "./head.js";
import { Log } from "./log.js";
import { PRIVATE, Places, described, nameOf, placeOf } from "./places.js";
import { t } from "./texts.js";

/** Shows how the bot answered a pressed button. */
function showAnswer({ answered, alert: mustRead, toast, url }) {
  if (!answered) notice(t("no_answer"));
  else if (mustRead) alert(mustRead);
  else if (toast) notice(toast);
  if (url) window.open(url, "_blank", "noopener");
}

export class Chat {
  #waitingFor = new Set();
  #meanwhile = null;
  #groups = [];
  #bot;
  #private;

  /**
   * `person`: one of `people` (User objects with `phone`); `place`: which of their chats is open;
   * `world`: `now()` the sandbox's present, `nextPayment()` the outcome to ask for; `onPerson(id)`:
   * another person was chosen; `onPlace()`: another chat was opened.
   */
  constructor(person, place, people, world, onPerson, onPlace) {
    this.person = person;
    this.place = place;
    this.world = world;
    this.onPlace = onPlace;
    this.composer = new Composer(people, person, {
      send: (what) => this.#try(this.#send(what)),
      pressReply: (key) => this.#pressReply(key),
      unblock: () => this.#try(api.unblock(person.id)),
      extras: () => this.#extras(),
    });
    this.log = new Log(person.id, () => world.now(), {
      press: (of, key, node) => this.#press(of, key, node),
      isBusy: (of, key) => this.#waitingFor.has(`${of.message_id} ${key.callback_data}`),
      edit: (of) => this.composer.edit(of),
      copy,
      sendText: (text) => this.#try(this.#send({ text })),
      now: () => world.now(),
    });
    this.places = new Places(person.id, (chosen) => this.#open(chosen));
    this.head = new Head(person, people, () => this.#open(null), onPerson);
    this.node = el("section", { class: "chat", "aria-label": t("chat_of", { name: person.name }) },
      this.head.node, this.places.node, this.log.node, this.composer.node);
  }

  /** Whether something that happened belongs to a chat of this person. */
  concerns({ chat_id: chatId, user_id: userId }) {
    const where = chatId ?? userId;
    return where === this.person.id || this.#groups.some(({ id }) => id === where);
  }

  /** Fetches everything and shows it: the open chat, or the list. */
  async load() {
    const meanwhile = [];
    this.#meanwhile = meanwhile;
    this.log.setBusy(true);
    try {
      this.#groups = await api.groups(this.person.id);
      if (this.place && !this.#exists(this.place)) this.place = this.#groups.length ? null : PRIVATE;
      const shown = await api.chat(this.person.id, this.place ?? PRIVATE);
      if (this.#meanwhile === meanwhile) this.#show(shown);
    } finally {
      // Another load that has begun since goes on collecting.
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
    for (const [kind, data] of meanwhile) this.take(kind, data);
    this.log.setBusy(false);
  }

  #exists({ chatId, threadId }) {
    if (chatId === null) return true;
    const group = this.#groups.find(({ id }) => id === chatId);
    return Boolean(group && (threadId === null || group.topics.some(({ id }) => id === threadId)));
  }

  #show({ bot, messages, keyboard, blocked, commands }) {
    this.#bot = bot;
    const inGroup = this.place !== null && this.place.chatId !== null;
    if (!inGroup) this.#private = messages.at(-1);
    this.log.show(messages.filter((message) => this.place === null || this.#isHere(message)), inGroup);
    this.composer.setKeyboard(inGroup ? null : keyboard);
    this.composer.setCommands(inGroup ? [] : commands);
    this.composer.setBlocked(blocked && !inGroup);
    this.#settle();
  }

  /** Brings the head, the list and the composer up to date. */
  #settle() {
    const inList = this.place === null;
    if (!inList) this.places.seen(this.place);
    this.head.setBack(!inList && this.#groups.length > 0, this.places.unread);
    this.head.show(inList ? undefined : described(this.place, this.#groups, this.#bot));
    if (inList) this.places.show(this.#groups, this.#bot, this.#private);
    this.places.node.hidden = !inList;
    this.log.node.hidden = inList;
    this.composer.node.hidden = inList;
    this.composer.setEmpty(this.log.isEmpty && this.place?.chatId === null);
  }

  #open(place) {
    this.place = place;
    this.onPlace();
    this.load().then(() => {
      if (place === null) this.places.node.querySelector("button").focus();
      else this.log.scroller.focus({ preventScroll: true });
    }).catch(failure);
  }

  #isHere(message) {
    return this.place !== null && nameOf(placeOf(message, this.person.id)) === nameOf(this.place);
  }

  /**
   * Takes in one event of the stream that belongs to these chats. What happens while they are being
   * fetched waits: the fetched state may be older.
   */
  take(kind, data) {
    if (this.#meanwhile) {
      this.#meanwhile.push([kind, data]);
      return;
    }
    if (kind === "message") this.#arrived(data.message);
    if (kind === "edited" && this.#isHere(data.message)) this.log.changed(data.message);
    if (kind === "deleted" && data.chat_id === this.#openChat) this.log.gone(data.message_id);
    if (kind === "keyboard" && this.place?.chatId === null) this.composer.setKeyboard(data.keyboard);
    if (kind === "blocked" && this.place?.chatId === null) this.composer.setBlocked(data.blocked);
    if (kind === "action" && data.chat_id === this.#openChat) this.head.typing(true);
    if (kind === "group") this.#groupChanged(data.chat_id).catch(failure);
    this.composer.setEmpty(this.log.isEmpty && this.place?.chatId === null);
  }

  /** The id of the chat that is open, as Telegram's events name it. */
  get #openChat() {
    return this.place && (this.place.chatId ?? this.person.id);
  }

  #arrived(message) {
    const place = placeOf(message, this.person.id);
    if (this.#isHere(message)) {
      this.log.arrived(message);
      if (message.from?.is_bot) this.head.typing(false);
    } else if (message.from?.id !== this.person.id) {
      this.places.missed(place);
    }
    this.#remember(place, message);
    if (this.place === null) this.places.show(this.#groups, this.#bot, this.#private);
    else this.head.setBack(this.#groups.length > 0, this.places.unread);
  }

  #remember({ chatId, threadId }, message) {
    if (chatId === null) this.#private = message;
    const group = this.#groups.find(({ id }) => id === chatId);
    const where = threadId === null ? group : group?.topics.find(({ id }) => id === threadId);
    if (where) where.last = message;
  }

  /** A topic came, went or stands otherwise; or the bot does. */
  async #groupChanged(groupId) {
    this.#groups = await api.groups(this.person.id);
    if (this.place?.chatId === groupId && !this.#exists(this.place)) {
      notice(t("topic_gone"));
      this.#open(null);
    } else {
      this.#settle();
    }
  }

  /** Fetches the menu of commands again. */
  async loadCommands() {
    if (this.place?.chatId !== null) return;
    this.composer.setCommands((await api.chat(this.person.id, PRIVATE)).commands);
  }

  /** Shows what depends on the present, such as "in 3 hours", as it is now. */
  refreshTimes() {
    this.log.refreshTimes();
  }

  // ---- what the person does ----

  #send(what) {
    return api.send(this.person.id, what, this.place);
  }

  /** What else the menu of attachments offers here. */
  #extras() {
    const { chatId, threadId } = this.place;
    const item = (label, act) => ({ label: t(label), act: () => this.#try(act()) });
    if (chatId === null) return [item("block", () => api.block(this.person.id))];
    const group = this.#groups.find(({ id }) => id === chatId);
    const isOut = group.bot.status === "kicked";
    const bot = item(isOut ? "take_bot_back" : "throw_bot_out",
      () => api.placeBot(chatId, this.person.id, isOut ? "administrator" : "kicked"));
    if (threadId === null) return [bot];
    const { is_closed: closed } = group.topics.find(({ id }) => id === threadId);
    return [
      item(closed ? "reopen_topic" : "close_topic", () => api.closeTopic(this.place, this.person.id, !closed)),
      item("delete_topic", () => api.deleteTopic(this.place, this.person.id)),
      bot,
    ];
  }

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
    const answer = await this.#try(api.press(this.person.id, messageId, data, this.place));
    this.#waitingFor.delete(waiting);
    this.log.refreshBusy(messageId);
    if (answer) showAnswer(answer);
  }

  async #pressReply(key) {
    if (!key.request_contact) {
      this.#try(this.#send({ text: key.text }));
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
