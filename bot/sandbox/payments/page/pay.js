// The hosted pay page: asks for the session, shows its stage, posts what the person does.
import { language } from "/page/texts.js";
import { t } from "./texts.js";
import * as views from "./views.js";

const LOOK_EVERY_MS = 2500;
const RETURN_AFTER_MS = 1500;
const ENDS = ["paid", "processing", "failed", "expired"];

const address = location.pathname;
const main = document.getElementById("main");

async function ask(what, body) {
  const response = await fetch(`${address}/${what}`, body === undefined ? {} : {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status === 404) return null;
  if (!response.ok && response.status !== 409) throw new Error(response.statusText);
  return response.json();
}

class Checkout {
  #session;
  #stage;
  #chosen;
  #problem = null;
  #actions = 0; // begun and ended: what was asked for before one is old news after it

  /** Keeps looking at the session until it has come to its end. */
  async run() {
    while (!(await this.#look().catch(() => false))) {
      await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
    }
  }

  /** Fetches the session, and shows its stage when that has changed; whether it was the last. */
  async #look() {
    const actions = this.#actions;
    const session = await ask("session");
    if (actions !== this.#actions) return false;
    if (session === null) {
      main.replaceChildren(views.end("unknown", null, null));
      return true;
    }
    const isFirst = this.#session === undefined;
    this.#session = session;
    if (isFirst) this.#dress();
    if (session.stage !== this.#stage) this.#show(session.stage);
    return ENDS.includes(session.stage);
  }

  #dress() {
    const other = new URLSearchParams(location.search);
    other.set("lang", language === "zh" ? "en" : "zh");
    document.title = t("title", this.#session);
    document.getElementById("bar").replaceChildren(...views.bar(this.#session, `?${other}`));
  }

  #show(stage) {
    this.#stage = stage;
    const session = this.#session;
    if (stage === "open") {
      this.#showChoice();
    } else if (stage === "confirm") {
      main.replaceChildren(views.bill(session), views.bank(session, (approved) => this.#act("confirm", { approved })));
    } else {
      this.#showEnd(stage);
    }
  }

  #showEnd(stage) {
    const session = this.#session;
    const arrived = stage === "paid" || stage === "processing";
    const target = arrived ? session.success_url : session.cancel_url ?? session.success_url;
    main.replaceChildren(views.end(stage, session, target));
    if (arrived) setTimeout(() => location.assign(target), RETURN_AFTER_MS);
  }

  #showChoice() {
    this.#chosen ??= this.#session.methods[0];
    main.replaceChildren(views.bill(this.#session), views.choosing(this.#session, this.#chosen, this.#problem, {
      onChoose: (method) => {
        this.#chosen = method;
        this.#problem = null;
        this.#showChoice();
        main.querySelector("input:checked").focus();
      },
      onCard: (card) => this.#act("pay", { method: "card", card }),
      onWallet: (method) => this.#showWallet(method),
    }));
  }

  #showWallet(method) {
    main.replaceChildren(views.bill(this.#session), views.wallet(this.#session, method, {
      onPay: () => this.#act("pay", { method }),
      onBack: () => this.#showChoice(),
    }));
  }

  /** Posts an action and shows what became of it. */
  async #act(what, body) {
    const pressed = main.querySelector(".pay-button");
    const label = pressed.textContent;
    main.querySelectorAll("button").forEach((one) => { one.disabled = true; });
    pressed.textContent = t("paying");
    this.#actions += 1;
    try {
      await this.#took(await ask(what, body));
    } catch {
      this.#problem = "offline";
      this.#showChoice();
    } finally {
      this.#actions += 1;
      main.querySelectorAll("button").forEach((one) => { one.disabled = false; });
      if (pressed.isConnected) pressed.textContent = label;
    }
  }

  async #took({ outcome, problem }) {
    if (outcome === "invalid") {
      views.markWrong(main, problem);
      return;
    }
    this.#problem = outcome === "declined" ? `problem_${problem}` : null;
    this.#session = await ask("session");
    this.#show(this.#session.stage);
  }
}

document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
document.getElementById("foot").textContent = t("foot");
await new Checkout().run();
