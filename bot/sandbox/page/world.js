// The panel of the world: the clock, the next payment, the carrier's troubles, the bot's process.
// The line and its phone stand in line.js.
import * as api from "./api.js";
import { notice } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import * as format from "./format.js";
import { LinePanel } from "./line.js";
import { action, section } from "./panel.js";
import { t } from "./texts.js";

const HOUR_S = 3600;
const DAY_MS = 24 * HOUR_S * 1000;
// Asia/Shanghai, the zone of the cast's plans, has been 8 hours ahead of UTC since 1991.
const SHANGHAI = "Asia/Shanghai";
const SHANGHAI_AHEAD_MS = 8 * HOUR_S * 1000;

// Long enough to type the code that a text brings.
const SMS_NOTICE_MS = 12_000;

const PAYMENTS = { paid: "next_paid", decline: "next_decline", "lost-notice": "next_lost", "double-notice": "next_double" };

const FAULTS = {
  delay: { operation: "*", kind: "delay", times: 1, delay_ms: 8000 },
  outage: { operation: "*", kind: "outage", times: 5 },
  lost_answer: { operation: "order", kind: "timeout-after-accept", times: 1 },
  never_activates: { operation: "order", kind: "never-activates", times: 1 },
};

/** The next midnight in Shanghai, when the cast's plans get their high speed back. */
function nextReset(now) {
  const local = now.getTime() + SHANGHAI_AHEAD_MS;
  return new Date((Math.floor(local / DAY_MS) + 1) * DAY_MS - SHANGHAI_AHEAD_MS);
}

export class World {
  #ahead = 0;
  #nextPayment = "paid";

  /** `node`: the panel; `state`: where the bar tells of the bot; `barClock`: the bar's time. */
  constructor(node, state, barClock) {
    this.state = state;
    this.barClock = barClock;
    this.line = new LinePanel();
    node.append(
      el("header", { class: "world-head" }, el("h2", {}, t("world")),
        button("icon-button narrow-only", icon("close"), () => node.dispatchEvent(new Event("dismiss")), { "aria-label": t("close") })),
      this.#clockSection(), ...this.line.sections, this.#paymentSection(),
      this.#carrierSection(), this.#processSection());
    setInterval(() => this.#tick(), 1000);
  }

  /** Fetches everything the panel shows. */
  async load() {
    const [clock, bot] = await Promise.all([api.clock(), api.bot(), this.line.load()]);
    this.#setClock(clock);
    this.#setBot(bot);
  }

  /** Takes in one event of the stream. */
  take(kind, data) {
    if (kind === "clock") {
      this.#setClock(data);
      this.line.refresh();
    }
    if (kind === "bot") this.#setBot(data);
    if (kind === "sms") {
      notice(`💬 ${data.text}`, SMS_NOTICE_MS);
      this.line.arrived(data);
    }
  }

  /** The sandbox's present instant. */
  now() {
    return new Date(Date.now() + this.#ahead);
  }

  /** Which outcome the next payment is to have; `take()` gives it once, then it is normal again. */
  nextPayment() {
    return {
      take: () => {
        const outcome = this.#nextPayment;
        this.#choosePayment("paid");
        return outcome;
      },
    };
  }

  #clockSection() {
    this.face = el("time", { class: "clock-face" });
    this.date = el("span", { class: "clock-date" });
    this.shanghai = el("span", { class: "clock-zone" });
    return section("clock", el("div", { class: "clock-row" }, this.face,
      el("span", { class: "clock-dates" }, this.date, this.shanghai)),
    el("div", { class: "panel-buttons" },
      action(t("plus_hour"), () => api.advanceClock(HOUR_S)),
      action(t("next_reset"), () => api.setClock(nextReset(this.now())), { title: t("next_reset_hint") }),
      action(t("plus_month"), () => api.advanceClock(30 * 24 * HOUR_S))));
  }

  #paymentSection() {
    this.payments = Object.entries(PAYMENTS).map(([outcome, label]) =>
      el("label", { class: "choice" },
        el("input", { type: "radio", name: "payment", value: outcome, checked: outcome === "paid",
          on: { change: () => this.#choosePayment(outcome) } }),
        el("span", {}, t(label))));
    return section("next_payment", el("div", { class: "choices", role: "radiogroup", "aria-label": t("next_payment") }, this.payments));
  }

  #choosePayment(outcome) {
    this.#nextPayment = outcome;
    for (const label of this.payments) {
      const input = label.querySelector("input");
      input.checked = input.value === outcome;
    }
  }

  #carrierSection() {
    const faults = Object.entries(FAULTS).map(([name, fault]) => action(t(name), async () => {
      await api.addCarrierFault(fault);
      notice(t("armed", { name: t(name) }));
    }));
    const clear = action(t("clear"), async () => {
      await api.clearCarrierFaults();
      notice(t("cleared"));
    }, { class: "panel-button wide" });
    return section("carrier", el("div", { class: "panel-buttons two" }, faults, clear));
  }

  #processSection() {
    this.processState = el("p", { class: "process-state" });
    this.kill = action(t("kill"), api.killBot, { class: "panel-button danger" });
    this.restart = action(t("restart"), api.startBot);
    return section("process", this.processState,
      el("div", { class: "panel-buttons two" }, this.kill, this.restart));
  }

  #setClock({ now }) {
    this.#ahead = Date.parse(now) - Date.now();
    this.#tick();
  }

  #tick() {
    const now = this.now();
    this.face.textContent = format.clockTime(now);
    this.date.textContent = format.day(now);
    const there = [t("clock_shanghai"), format.time(now, SHANGHAI)];
    if (format.day(now, SHANGHAI) !== format.day(now)) there.push(format.day(now, SHANGHAI));
    this.shanghai.textContent = there.join(" ");
    this.barClock.textContent = format.time(now);
  }

  #setBot({ running, ready = running, supervised }) {
    if (supervised !== undefined) this.supervised = supervised;
    let key = "bot_stopped";
    if (running) key = ready ? "bot_running" : "bot_starting";
    for (const node of [this.state, this.processState]) {
      node.textContent = t(key);
      node.className = `${node === this.state ? "bar-state" : "process-state"} ${key}`;
    }
    this.kill.disabled = !this.supervised || !running;
    this.restart.disabled = !this.supervised || running;
    this.kill.title = this.supervised ? "" : t("not_supervised");
  }
}
