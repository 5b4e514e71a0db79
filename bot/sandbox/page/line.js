// One line as the network knows it, and the phone that holds it: its text messages.
import * as api from "./api.js";
import { copy } from "./clipboard.js";
import { failure } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import * as format from "./format.js";
import { action, section } from "./panel.js";
import { t } from "./texts.js";

const GB = 1e9;
const LOOK_AGAIN_MS = 5000;
const SHOWN_TEXTS = 5;

/** The code in a text message: the first run of four to eight digits. */
function codeIn(text) {
  return text.match(/(?<!\d)\d{4,8}(?!\d)/)?.[0];
}

function textItem({ text, at }) {
  const date = new Date(at);
  const code = codeIn(text);
  return el("li", { class: "sms" },
    el("p", { class: "sms-text", dir: "auto" }, text),
    el("time", { datetime: date.toISOString() }, format.time(date)),
    code
      ? button("sms-code", [icon("copy"), code], () => copy(code), { "aria-label": t("copy_code", { code }) })
      : null);
}

function fact(label, value, note) {
  return el("div", { class: "fact" },
    el("dt", {}, label), el("dd", {}, value, note ? el("small", {}, note) : null));
}

/** Today's high speed as a bar with its numbers beside it. */
function usedToday({ used_today_bytes: used, high_speed_cap_bytes: cap, throttled }) {
  if (cap === null) return fact(t("used_today"), format.gigabytes(used));
  const share = Math.min(used / cap, 1);
  const bar = el("span", { class: `meter${throttled ? " full" : ""}`, "aria-hidden": "true" }, el("i"));
  bar.firstChild.style.width = `${share * 100}%`;
  const row = fact(t("used_today"), `${format.gigabytes(used)} / ${format.gigabytes(cap)}`,
    t(throttled ? "throttled" : "high_speed"));
  row.append(bar);
  return row;
}

function ending(entitlement) {
  return `${t("ends")} ${format.day(new Date(entitlement.ends_at))}`;
}

/** The facts of a line: its plan and what is queued behind it, usage today, wallet. */
function truth(line) {
  const standing = line.entitlements.filter(({ state }) => state !== "ended");
  const plans = standing.map((entitlement) => fact(
    entitlement.state === "queued" ? `${t("plan")} · ${t("queued")}` : t("plan"),
    entitlement.periods > 1 ? `${entitlement.plan} × ${entitlement.periods}` : entitlement.plan,
    ending(entitlement)));
  return [
    ...(plans.length ? plans : [fact(t("plan"), t("no_plan"))]),
    usedToday(line),
    fact(t("wallet"), format.money(line.wallet.minor, line.wallet.currency)),
  ];
}

export class LinePanel {
  #msisdn = null;
  #people = [];
  #seen = null;

  constructor() {
    this.select = el("select", {
      "aria-label": t("choose_line"), on: { change: () => this.#choose(this.select.value) },
    });
    this.facts = el("dl", { class: "facts" });
    this.inbox = el("ol", { class: "inbox", "aria-live": "polite" });
    const use = (amount) => action(t("use", { amount: format.gigabytes(amount) }), async () => {
      this.#show(await api.useData(this.#msisdn, amount));
    });
    this.sections = [
      section("line", el("label", { class: "choose-line" }, this.select, icon("down")), this.facts,
        el("div", { class: "panel-buttons two" }, use(GB), use(5 * GB))),
      section("inbox", this.inbox),
    ];
    setInterval(() => { if (!document.hidden) this.refresh(); }, LOOK_AGAIN_MS);
  }

  /** Fetches the list of lines and what is shown of the chosen one. */
  async load() {
    const { lines } = await api.lines();
    this.lines = lines.map(({ msisdn }) => msisdn);
    this.#list();
    await this.refresh();
  }

  /** Shows the line of this person: the one with the own number, else one that is nobody's. */
  belongTo(person, people) {
    this.#people = people;
    const taken = new Set(people.map(({ phone }) => phone));
    this.#msisdn = person.phone;
    if (!this.lines.includes(person.phone)) {
      this.#msisdn = this.lines.find((msisdn) => !taken.has(msisdn)) ?? this.lines[0];
    }
    this.#list();
    return this.refresh();
  }

  /** Looks at the chosen line and its texts again. */
  async refresh() {
    if (!this.#msisdn) return;
    try {
      const [line, { sms }] = await Promise.all([api.lineTruth(this.#msisdn), api.texts(this.#msisdn)]);
      this.#show(line);
      this.#showTexts(sms);
    } catch (error) {
      failure(error);
    }
  }

  /** Takes in a text that some line received: its phone comes to the fore. */
  arrived({ msisdn }) {
    return this.#choose(msisdn);
  }

  #choose(msisdn) {
    this.#msisdn = msisdn;
    this.#list();
    return this.refresh();
  }

  #list() {
    const owner = (msisdn) => this.#people.find(({ phone }) => phone === msisdn)?.name;
    this.select.replaceChildren(...this.lines.map((msisdn) => el("option",
      { value: msisdn, selected: msisdn === this.#msisdn },
      [msisdn, owner(msisdn)].filter(Boolean).join(" · "))));
  }

  #show(line) {
    this.facts.replaceChildren(...truth(line));
  }

  #showTexts(texts) {
    const shown = texts.slice(-SHOWN_TEXTS).reverse();
    const seen = JSON.stringify(shown);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.inbox.replaceChildren(...(shown.length
      ? shown.map(textItem)
      : [el("li", { class: "hint" }, t("inbox_empty"))]));
  }
}
