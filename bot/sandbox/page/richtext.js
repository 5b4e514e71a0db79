// A message's text with its entities. Offsets and lengths are in UTF-16 code units
// (Bot API, MessageEntity), which is how JavaScript counts strings, too.
import { el } from "./dom.js";
import * as format from "./format.js";
import { t } from "./texts.js";

// Of entities over the same stretch the one that makes a block is the outer one.
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

function outerFirst(a, b) {
  return a.offset - b.offset || b.length - a.length || BLOCKS.has(b.type) - BLOCKS.has(a.type);
}

function safeAddress(address) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  return /^(https?|mailto|tel|tg):/i.test(full) ? full : null;
}

function link(address) {
  return el("a", { href: safeAddress(address), target: "_blank", rel: "noopener noreferrer" });
}

/** Something in a text that can be clicked or pressed by keyboard like a button. */
function pressable(tag, className, act, label) {
  const pressed = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act(node);
  };
  const node = el(tag, {
    class: className, role: "button", tabindex: "0", "aria-label": label,
    on: { click: pressed, keydown: pressed },
  });
  return node;
}

/** A deep link: as in Telegram's apps, following it starts the bot with what it names. */
function deepLink(address, actions) {
  const found = /^https:\/\/t\.me\/\w+\?start=([\w-]{1,64})$/.exec(address);
  return found ? pressable("span", "command", () => actions.sendText(`/start ${found[1]}`)) : null;
}

function spoiler() {
  return pressable("span", "spoiler", (node) => {
    node.classList.add("revealed");
    node.removeAttribute("aria-label");
  }, t("spoiler"));
}

function expandable() {
  const toggle = el("button", { type: "button", class: "quote-toggle", "aria-expanded": "false" }, t("show_more"));
  const content = el("span", { class: "quote-content" });
  const quote = el("blockquote", { class: "expandable" }, content, toggle);
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "show_less" : "show_more");
  });
  return quote;
}

function moment(entity) {
  const date = new Date(entity.unix_time * 1000);
  return el("time", {
    class: "moment",
    datetime: date.toISOString(),
    title: `${format.dayWithYear(date)} ${format.time(date)}`,
    "data-pattern": entity.date_time_format,
  });
}

function showMoment(node, now) {
  node.textContent = format.instant(new Date(node.dateTime), node.dataset.pattern, now);
}

/** Brings every shown instant under `root` up to date: "in 3 hours" passes. */
export function refreshMoments(root, now) {
  for (const node of root.querySelectorAll("time[data-pattern]")) showMoment(node, now);
}

/** The element for one entity; `source` is the text it covers. */
function elementFor(entity, source, actions) {
  switch (entity.type) {
    case "bold": return el("strong");
    case "italic": return el("em");
    case "underline": return el("u");
    case "strikethrough": return el("s");
    case "spoiler": return spoiler();
    case "code": return pressable("code", null, () => actions.copy(source));
    case "pre": return el("pre", { data: entity.language ? { language: entity.language } : {} });
    case "blockquote": return el("blockquote");
    case "expandable_blockquote": return expandable();
    case "text_link": return deepLink(entity.url, actions) ?? link(entity.url);
    case "url": return deepLink(source, actions) ?? link(source);
    case "email": return link(`mailto:${source}`);
    case "phone_number": return link(`tel:${source}`);
    case "bot_command": return pressable("span", "command", () => actions.sendText(source));
    case "date_time": return moment(entity);
    case "mention": case "text_mention": case "hashtag": case "cashtag":
      return el("span", { class: "mention" });
    default: return el("span");
  }
}

/**
 * The text as a fragment of elements.
 * `actions`: `copy(text)`, `sendText(text)`, `now()` (the sandbox's present instant).
 */
export function richText(text, entities = [], actions) {
  const waiting = [...entities].sort(outerFirst);

  function fill(parent, from, to) {
    let at = from;
    while (waiting.length && waiting[0].offset < to) {
      const entity = waiting.shift();
      const end = Math.min(entity.offset + entity.length, to);
      parent.append(text.slice(at, entity.offset));
      const source = text.slice(entity.offset, end);
      const node = elementFor(entity, source, actions);
      parent.append(node);
      fill(node.querySelector(".quote-content") ?? node, entity.offset, end);
      if (entity.date_time_format) showMoment(node, actions.now());
      at = end;
      // A block ends its line by itself: the line break after it would show as an empty line.
      if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
    }
    parent.append(text.slice(at, to));
  }

  const fragment = document.createDocumentFragment();
  fill(fragment, 0, text.length);
  return fragment;
}
