// One message as a bubble.
import * as api from "./api.js";
import { avatar, button, el, hueOf, icon } from "./dom.js";
import * as format from "./format.js";
import { inlineKeyboard } from "./keyboards.js";
import { refreshMoments, richText } from "./richtext.js";
import { t } from "./texts.js";

function textBody(message, actions) {
  return el("div", { class: "text", dir: "auto" }, richText(message.text, message.entities, actions));
}

function caption(message, actions) {
  if (!message.caption) return null;
  return el("div", { class: "text", dir: "auto" },
    richText(message.caption, message.caption_entities, actions));
}

function photoBody(message, actions) {
  const largest = message.photo.at(-1);
  const image = el("img", {
    class: "photo", src: api.fileAddress(largest.file_id), alt: t("photo"),
    width: largest.width, height: largest.height,
  });
  return [image, caption(message, actions)];
}

function videoBody(message, actions) {
  const { file_id: id, width, height } = message.video;
  const clip = el("video", {
    class: "photo", src: api.fileAddress(id), controls: true, playsinline: true, preload: "metadata",
    width: width || null, height: height || null, "aria-label": t("video"),
  });
  return [clip, caption(message, actions)];
}

function voiceBody(message, actions) {
  const note = el("audio", {
    class: "voice", src: api.fileAddress(message.voice.file_id), controls: true, preload: "metadata",
    "aria-label": t("voice"),
  });
  return [note, caption(message, actions)];
}

function documentBody(message, actions) {
  const { file_id: id, file_name: name, file_size: size } = message.document;
  const row = el("a", { class: "file", href: api.fileAddress(id), download: name ?? id },
    el("span", { class: "file-icon" }, icon("file")),
    el("span", { class: "file-name" }, name ?? id,
      el("small", {}, size === undefined ? "" : format.fileSize(size))));
  return [row, caption(message, actions)];
}

function contactBody(message) {
  const { first_name: first, last_name: last, phone_number: phone, user_id: id } = message.contact;
  const name = [first, last].filter(Boolean).join(" ");
  return el("div", { class: "contact" },
    avatar(id ?? 0, name),
    el("span", {}, el("strong", {}, name),
      el("small", {}, phone.startsWith("+") ? phone : `+${phone}`)));
}

function invoiceBody(message) {
  const { title, description, currency, total_amount: total } = message.invoice;
  return el("div", { class: "invoice" },
    el("strong", { class: "invoice-title", dir: "auto" }, title),
    el("span", { class: "invoice-description", dir: "auto" }, description),
    el("span", { class: "invoice-total" }, format.money(total, currency),
      el("small", {}, t("invoice"))));
}

const BODIES = {
  text: textBody,
  photo: photoBody,
  video: videoBody,
  voice: voiceBody,
  document: documentBody,
  contact: contactBody,
  invoice: invoiceBody,
  sticker: (message) => el("div", { class: "sticker", role: "img", "aria-label": t("sticker") },
    message.sticker.emoji ?? "🙂"),
};

const SERVICES = {
  successful_payment: ({ currency, total_amount: total }) =>
    t("paid", { amount: format.money(total, currency) }),
  refunded_payment: ({ currency, total_amount: total }) =>
    t("refunded", { amount: format.money(total, currency) }),
  forum_topic_created: ({ name }) => t("topic_created", { name }),
  forum_topic_edited: ({ name }) => t(name ? "topic_renamed" : "topic_changed", { name }),
  forum_topic_closed: () => t("topic_closed"),
  forum_topic_reopened: () => t("topic_reopened"),
};

const serviceOf = (message) => Object.keys(SERVICES).find((kind) => message[kind]);

const fullName = ({ first_name: first, last_name: last }) => [first, last].filter(Boolean).join(" ");

/** A message in one line, as `me` (a user id) sees it in a list. */
export function summary(message, me) {
  const service = serviceOf(message);
  if (service) return SERVICES[service](message[service]);
  const kind = ["photo", "video", "voice", "document", "sticker"].find((name) => message[name]);
  const words = message.text ?? message.caption ?? message.invoice?.title ?? (kind ? t(kind) : t("unsupported"));
  return message.from?.id === me ? words : `${message.from.first_name}: ${words}`;
}

/** The message that this one replies to, in a line. All in a topic replies to what opened it. */
function replied({ reply_to_message: original }) {
  if (!original || serviceOf(original)) return null;
  return el("blockquote", { class: "replied" },
    el("strong", { dir: "auto" }, fullName(original.from)),
    el("span", { dir: "auto" }, original.text ?? original.caption ?? t("unsupported")));
}

function sender({ from }) {
  const name = el("strong", { class: "sender", dir: "auto" }, fullName(from));
  name.style.setProperty("--hue", hueOf(from.id));
  return name;
}

/** The label of the button that the server puts under an invoice without a keyboard. */
const SERVER_PAY_LABEL = /^Pay [\d.]+ [A-Z]{3}$/;

/** The rows of buttons; the server's own pay button reads as the page's language has it. */
function keyboardRows(message) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!message.invoice || !SERVER_PAY_LABEL.test(rows[0]?.[0]?.text)) return rows;
  const { total_amount: total, currency } = message.invoice;
  const pay = { text: t("pay", { amount: format.money(total, currency) }), pay: true };
  return [[pay, ...rows[0].slice(1)], ...rows.slice(1)];
}

function meta(message, own) {
  const date = new Date(message.date * 1000);
  return el("span", { class: "meta" },
    message.edit_date ? el("span", { class: "edited" }, t("edited")) : null,
    el("time", { datetime: date.toISOString() }, format.time(date)),
    own ? icon("read") : null);
}

/**
 * A list item for a Bot API Message as `me` (a user id) sees it.
 * `actions`: `press(message, key, node)`, `isBusy(message, key)`, `edit(message)` and those of
 * `richText`; `names`: whether it shows who wrote it, as among several.
 */
export function messageNode(message, me, actions, names = false) {
  const own = message.from?.id === me;
  const service = serviceOf(message);
  const item = el("li", {
    class: service ? "message service" : `message ${own ? "own" : "theirs"}`,
    data: { id: message.message_id, from: service ? "" : message.from?.id ?? "", date: message.date },
  });
  if (service) {
    item.append(el("span", { class: "pill" }, SERVICES[service](message[service])));
    return item;
  }
  const kind = Object.keys(BODIES).find((name) => message[name] !== undefined);
  const body = kind
    ? BODIES[kind](message, actions)
    : el("em", { class: "text" }, t("unsupported"));
  const bubble = el("div", { class: `bubble is-${kind ?? "unknown"}` },
    names && !own ? sender(message) : null, replied(message), body,
    message.reaction ? el("span", { class: "reaction", "aria-label": t("reaction") }, message.reaction) : null,
    meta(message, own));
  item.append(bubble);
  if (own && kind === "text") {
    item.append(button("edit-message", icon("edit"), () => actions.edit(message), { "aria-label": t("edit"), title: t("edit") }));
  }
  const rows = keyboardRows(message);
  if (rows.length) {
    bubble.classList.add("with-keyboard");
    item.append(inlineKeyboard(rows, (key, node) => actions.press(message, key, node),
      (key) => actions.isBusy(message, key)));
  }
  return item;
}

/** A line between the messages of two days. */
export function dayNode(date, now) {
  const node = el("li", { class: "message service day", data: { day: date.toISOString() } },
    el("span", { class: "pill" }));
  showDay(node, now);
  return node;
}

function showDay(node, now) {
  const date = new Date(node.dataset.day);
  const isToday = date.toDateString() === now.toDateString();
  node.firstChild.textContent = isToday ? t("today") : format.day(date);
}

/** Brings what depends on the present up to date in shown messages. */
export function refreshTimes(list, now) {
  refreshMoments(list, now);
  for (const node of list.querySelectorAll(".day")) showDay(node, now);
}
