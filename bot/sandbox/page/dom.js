// Building elements. Text only ever enters the page as text nodes, so that nothing a bot or
// a person writes can become markup.

/**
 * An element with its properties and children.
 * `props`: `class`, `on` ({event: listener}), `data` (dataset), any other key is an attribute;
 * `null`, `undefined` and `false` leave an attribute out, `true` sets it empty.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** A `<button type="button">` with a label for readers of the screen when it shows only an icon. */
export function button(className, content, onClick, props = {}) {
  return el("button", { type: "button", class: className, on: { click: onClick }, ...props }, content);
}

const ICONS = {
  send: "M3.4 20.4 21.6 12 3.4 3.6l-.01 6.53L15 12 3.39 13.87z",
  keyboard:
    "M4 6h16a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8c0-1.1.9-2 2-2m1.5 3v1.6h1.6V9zm3.8 0v1.6h1.6V9zm3.8 0v1.6h1.6V9zm3.8 0v1.6h1.6V9zM5.5 12.4V14h1.6v-1.6zm11.4 0V14h1.6v-1.6zm-8 0V14h6.2v-1.6z",
  menu: "M4 6.5h16v1.8H4zm0 4.6h16v1.8H4zm0 4.6h10v1.8H4z",
  attach:
    "M16.5 6v11.3a4.3 4.3 0 0 1-8.6 0V5a2.8 2.8 0 0 1 5.6 0v10.6a1.3 1.3 0 0 1-2.6 0V6H9.3v9.6a2.9 2.9 0 0 0 5.8 0V5a4.4 4.4 0 0 0-8.8 0v12.3a5.9 5.9 0 0 0 11.8 0V6z",
  copy: "M9 3h9a2 2 0 0 1 2 2v10h-1.8V4.8H9zM6 7h8a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V9c0-1.1.9-2 2-2m0 1.8V19h8V8.8z",
  open: "M7 6.5h10.5V17h-1.8V9.6l-8.4 8.4L6 16.7l8.4-8.4H7z",
  close: "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  down: "m6.7 8.8 5.3 5.3 5.3-5.3 1.3 1.3-6.6 6.6-6.6-6.6z",
  edit: "M4 16.9 15.2 5.7l3.1 3.1L7.1 20H4zM16.4 4.5l1.3-1.3a1 1 0 0 1 1.4 0l1.7 1.7a1 1 0 0 1 0 1.4l-1.3 1.3z",
  done: "m9.5 16.2-4.2-4.2-1.4 1.4 5.6 5.6 11-11-1.4-1.4z",
  read: "m1.2 13 4.9 4.9 1.2-1.2-4.9-4.9zM17 6.4 9.9 13.6l1.2 1.2 7.1-7.1zm4.4 0-9.9 9.9-3.9-3.9-1.2 1.2 5.1 5.1L22.6 7.6z",
  file: "M6 2h8l5 5v13a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4c0-1.1.9-2 2-2m7 1.5V8h4.5z",
  back: "m15.6 4.2 1.5 1.5L10.8 12l6.3 6.3-1.5 1.5L7.8 12z",
  lock: "M12 3a4.5 4.5 0 0 1 4.5 4.5V10H18a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h1.5V7.5A4.5 4.5 0 0 1 12 3m0 1.8a2.7 2.7 0 0 0-2.7 2.7V10h5.4V7.5A2.7 2.7 0 0 0 12 4.8",
  card: "M4 5h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7c0-1.1.9-2 2-2m0 4.5V17h16V9.5z",
};

/** One of the page's line icons, 24×24, drawn in the colour of the text around it. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** The colour that belongs to an id. */
export const hueOf = (id) => (Math.abs(Number(id)) * 67) % 360;

/** A round picture with the first letter of a name, in a colour that belongs to the id. */
export function avatar(id, name) {
  const picture = el("span", { class: "avatar", "aria-hidden": "true" }, [...name][0] ?? "?");
  picture.style.setProperty("--hue", hueOf(id));
  return picture;
}
