// What the workbench keeps in this browser for a person goes when that person signs out.

import { DATABASE } from "./workbench/shelf.js";

export function startForgetting() {
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-forget]")) indexedDB.deleteDatabase(DATABASE);
  });
}
