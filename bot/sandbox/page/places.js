// Where a person can be: the private chat with the bot, and each topic of the groups they are in.
import { avatar, button, el, icon } from "./dom.js";
import * as format from "./format.js";
import { summary } from "./message.js";
import { t } from "./texts.js";

export const PRIVATE = { chatId: null, threadId: null };

/** One word for a place: `""` the private chat, `-100/5` a topic, `-100` a group outside of all. */
export function nameOf({ chatId, threadId }) {
  return chatId === null ? "" : [chatId, threadId].filter((part) => part !== null).join("/");
}

/** The place of that name; the private chat for what is none. */
export function placeNamed(name) {
  const found = /^(-\d+)(?:\/(\d+))?$/.exec(name ?? "");
  if (!found) return PRIVATE;
  return { chatId: Number(found[1]), threadId: found[2] ? Number(found[2]) : null };
}

/** The place that a message belongs to, as `me` (a user id) finds it. */
export function placeOf(message, me) {
  if (message.chat.id === me) return PRIVATE;
  return { chatId: message.chat.id, threadId: message.message_thread_id ?? null };
}

/** A round picture with the colour of a topic. */
export function topicPicture({ name, icon_color: colour }) {
  const picture = el("span", { class: "avatar topic-picture", "aria-hidden": "true" }, [...name][0] ?? "#");
  picture.style.setProperty("--topic", `#${colour.toString(16).padStart(6, "0")}`);
  return picture;
}

function picture(group, topic) {
  if (topic) return topicPicture(topic);
  return group ? avatar(group.id, "#") : el("img", { class: "avatar", src: "/page/icon.svg", alt: "" });
}

/** How a place is called, and what stands below that: `{name, below, picture}`. */
export function described(place, groups, bot) {
  const group = groups.find(({ id }) => id === place.chatId);
  const topic = group?.topics.find(({ id }) => id === place.threadId);
  if (!group) return { name: bot?.first_name ?? "", below: t("bot"), picture: picture() };
  const below = [group.title];
  if (topic?.is_closed) below.push(t("topic_closed_state"));
  if (group.bot.status === "kicked") below.push(t("bot_is_out"));
  return { name: topic?.name ?? t("general"), below: below.join(" · "), picture: picture(group, topic) };
}

/** The list of all places of a person. */
export class Places {
  #unread = new Map();

  /** `me`: a user id; `onOpen(place)`: one was chosen. */
  constructor(me, onOpen) {
    this.me = me;
    this.onOpen = onOpen;
    this.node = el("nav", { class: "places", "aria-label": t("chats"), hidden: true });
  }

  /** How many messages nobody has looked at. */
  get unread() {
    return [...this.#unread.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A message came where nobody looks. */
  missed(place) {
    const name = nameOf(place);
    this.#unread.set(name, (this.#unread.get(name) ?? 0) + 1);
  }

  seen(place) {
    this.#unread.delete(nameOf(place));
  }

  /** `groups` as the control API lists them, `bot` its user, `last` the private chat's last message. */
  show(groups, bot, last) {
    this.node.replaceChildren(
      this.#row(PRIVATE, picture(), bot.first_name, last),
      ...groups.flatMap((group) => this.#group(group)));
  }

  #group(group) {
    const topics = [...group.topics].sort((a, b) => (b.last?.date ?? 0) - (a.last?.date ?? 0));
    const state = group.bot.status === "kicked" ? t("bot_is_out") : t("members", { count: group.members.length });
    return [
      el("h3", { class: "places-group" }, group.title, el("small", {}, state)),
      ...topics.map((topic) => this.#row({ chatId: group.id, threadId: topic.id }, topicPicture(topic),
        topic.name, topic.last, topic.is_closed)),
      this.#row({ chatId: group.id, threadId: null }, avatar(group.id, "#"), t("general"), group.last),
    ];
  }

  #row(place, image, name, last, closed = false) {
    const count = this.#unread.get(nameOf(place));
    return button("place", [
      image,
      el("span", { class: "place-name", dir: "auto" }, name, closed ? icon("lock") : null),
      el("time", { class: "place-time" }, last ? format.time(new Date(last.date * 1000)) : ""),
      el("span", { class: "place-last", dir: "auto" }, last ? summary(last, this.me) : ""),
      count ? el("span", { class: "badge" }, count) : null,
    ].filter(Boolean), () => this.onOpen(place));
  }
}
