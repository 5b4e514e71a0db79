// Copying, with a word on how it went.
import { notice } from "./dialogs.js";
import { t } from "./texts.js";

/** Puts a text on the clipboard and says so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice(t("copied"));
  } catch {
    notice(t("copy_failed"));
  }
}
