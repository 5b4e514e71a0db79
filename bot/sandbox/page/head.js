// The head of a chat: the way back to the list of chats, where one is, and who one is.
import { avatar, button, el, icon } from "./dom.js";
import { t } from "./texts.js";

const TYPING_MS = 5000;

export class Head {
  #typingTimer;
  #below = "";

  /** `person` of `people`; `onBack()`: to the list of chats; `onPerson(id)`: be somebody else. */
  constructor(person, people, onBack, onPerson) {
    this.badge = el("span", { class: "badge", hidden: true });
    this.back = button("icon-button back", [icon("back"), this.badge], onBack, {
      "aria-label": t("back_to_chats"), title: t("back_to_chats"), hidden: true,
    });
    this.picture = el("span", { class: "chat-picture" });
    this.title = el("strong", { class: "chat-name", dir: "auto" });
    this.status = el("span", { class: "chat-status" }, t("bot"));
    const select = el("select", {
      "aria-label": t("you_are"), on: { change: () => onPerson(Number(select.value)) },
    }, people.map(({ id, name }) => el("option", { value: id, selected: id === person.id }, name)));
    this.node = el("header", { class: "chat-head" }, this.back, this.picture,
      el("span", { class: "chat-title" }, this.title, this.status),
      el("label", { class: "persona", title: t("you_are") },
        avatar(person.id, person.name), select, icon("down")));
  }

  /** Where one is, as `described` has it; with nothing it is the list of chats. */
  show({ name, below, picture } = { name: t("chats"), below: "", picture: null }) {
    this.title.textContent = name;
    this.#below = below;
    this.picture.replaceChildren(...(picture ? [picture] : []));
    this.picture.hidden = !picture;
    this.typing(false);
  }

  /** Whether there is a list to go back to, and how much in it nobody has looked at. */
  setBack(possible, unread) {
    this.back.hidden = !possible;
    this.badge.hidden = !unread;
    this.badge.textContent = unread;
  }

  typing(on) {
    clearTimeout(this.#typingTimer);
    this.status.textContent = on ? t("typing") : this.#below;
    this.status.classList.toggle("typing", on);
    if (on) this.#typingTimer = setTimeout(() => this.typing(false), TYPING_MS);
  }
}
