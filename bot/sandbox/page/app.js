// Puts the page together: the bar, one or two chats, the panel of the world, and the stream that
// keeps them up to date. What is looked at stands in the address (`?lang=`, `?as=1001,9001`, in a
// topic of a group `?as=9001@-1001000009000/7`), so that a reload or a shared link shows the same.
import * as api from "./api.js";
import { Chat } from "./chat.js";
import { failure, notice } from "./dialogs.js";
import { PRIVATE, nameOf, placeNamed } from "./places.js";
import { language, t, translateDocument } from "./texts.js";
import { World } from "./world.js";

const place = (id) => document.getElementById(id);

const REFRESH_MS = 30_000;

class Page {
  #lost = false;

  constructor(people) {
    this.people = people;
    this.world = new World(place("world"), place("bar-state"), place("bar-clock"));
    this.chats = this.#asked().map(({ id, place }) => this.#chat(id, place));
    this.#showChats();
    this.#connectBar();
    setInterval(() => this.chats.forEach((chat) => chat.refreshTimes()), REFRESH_MS);
    api.listen((kind, data) => this.#take(kind, data), (connected) => this.#connection(connected));
  }

  /** The people whose chats the address asks for, one or two of the cast, and which of theirs. */
  #asked() {
    const parts = (new URLSearchParams(location.search).get("as") ?? "").split(",");
    const asked = parts.map((part) => part.split("@")).map(([id, place]) =>
      ({ id: Number(id), place: placeNamed(place) }));
    const known = asked.filter(({ id }) => this.people.some((person) => person.id === id)).slice(0, 2);
    return known.length ? known : [{ id: this.people[0].id, place: PRIVATE }];
  }

  #chat(id, place = PRIVATE) {
    const person = this.people.find((somebody) => somebody.id === id);
    const chat = new Chat(person, place, this.people, this.world,
      (chosen) => this.#replace(chat, chosen), () => this.#showAddress());
    return chat;
  }

  #replace(chat, id) {
    this.chats[this.chats.indexOf(chat)] = this.#chat(id);
    this.#showChats();
    this.#load();
  }

  #toggleSecond() {
    if (this.chats.length === 2) {
      this.chats.pop();
    } else {
      const other = this.people.findLast(({ id }) => id !== this.chats[0].person.id);
      const desk = this.people.find(({ id }) => id === 9001 && id !== this.chats[0].person.id);
      this.chats.push(this.#chat((desk ?? other).id));
    }
    this.#showChats();
    this.#load();
  }

  #showChats() {
    place("chats").replaceChildren(...this.chats.map(({ node }) => node));
    place("beside").textContent = t(this.chats.length === 2 ? "one_chat" : "two_chats");
    this.#showAddress();
  }

  #showAddress() {
    const address = new URL(location.href);
    const asked = ({ person, place: where }) => [person.id, where && nameOf(where)].filter(Boolean).join("@");
    address.searchParams.set("as", this.chats.map(asked).join(","));
    history.replaceState(null, "", address);
    const other = new URL(address);
    other.searchParams.set("lang", language === "zh" ? "en" : "zh");
    place("language").href = other;
  }

  #connectBar() {
    place("language").textContent = t("other_language");
    place("language").lang = language === "zh" ? "en" : "zh-Hans";
    place("beside").addEventListener("click", () => this.#toggleSecond());
    const toggle = place("world-toggle");
    const show = (shown) => {
      place("world").classList.toggle("shown", shown);
      place("scrim").hidden = !shown;
      place("chats").inert = shown;
      place("bar").inert = shown;
      toggle.setAttribute("aria-expanded", String(shown));
      (shown ? place("world").querySelector("button") : toggle).focus();
    };
    const shown = () => place("world").classList.contains("shown");
    toggle.addEventListener("click", () => show(!shown()));
    place("scrim").addEventListener("click", () => show(false));
    place("world").addEventListener("dismiss", () => show(false));
    matchMedia("(width < 860px)").addEventListener("change", () => show(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shown()) show(false);
    });
  }

  async #load() {
    try {
      await this.world.load();
      await Promise.all([
        ...this.chats.map((chat) => chat.load()),
        this.world.line.belongTo(this.chats[0].person, this.people),
      ]);
    } catch (error) {
      failure(error);
    }
  }

  #take(kind, data) {
    this.world.take(kind, data);
    for (const chat of this.chats) {
      if (kind === "clock") chat.refreshTimes();
      if (kind === "commands") chat.loadCommands().catch(failure);
      if (chat.concerns(data)) chat.take(kind, data);
    }
  }

  #connection(connected) {
    if (connected) this.#load();
    else if (!this.#lost) notice(t("offline"));
    this.#lost = !connected;
  }
}

translateDocument();
document.title = t("sandbox");
const { users } = await api.people();
new Page(users.map((user) => ({
  ...user,
  name: [user.first_name, user.last_name].filter(Boolean).join(" "),
})));
