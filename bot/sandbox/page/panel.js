// The pieces that the panel of the world is made of.
import { failure } from "./dialogs.js";
import { button, el } from "./dom.js";
import { t } from "./texts.js";

/** A card of the panel, with the text of that name as its heading. */
export function section(name, ...content) {
  return el("section", { class: `panel ${name}`, "aria-label": t(name) }, el("h3", {}, t(name)), ...content);
}

/** A button that does something to the world, and says so when that fails. */
export function action(label, act, props = {}) {
  const node = button("panel-button", label, async () => {
    node.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (error) {
      failure(error);
    }
    node.removeAttribute("aria-busy");
  }, props);
  return node;
}
