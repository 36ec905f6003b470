import { PhotoUpload } from "./upload/photo-upload.js";

customElements.define("photo-upload", PhotoUpload);
