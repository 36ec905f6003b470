import { PhotoWorkbench } from "./workbench/photo-workbench.js";

customElements.define("photo-workbench", PhotoWorkbench);
