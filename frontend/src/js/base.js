// What every page loads: htmx under a strict Content-Security-Policy, polling and the keyboard.

import { startForgetting } from "./forget.js";
import "./htmx.js";
import { startKeyboard } from "./keyboard.js";
import { startPolling } from "./poller.js";

startPolling();
startKeyboard();
startForgetting();
// What went wrong with a form comes first, for the eye and for a screen reader.
document.querySelector(".error-summary")?.focus();
