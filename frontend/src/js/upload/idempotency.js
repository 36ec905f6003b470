// One key per file and place, kept until the server has answered: a photo that is sent again after
// a lost answer or a reloaded tab is then known to be the same one.

const HEX_GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** A random UUID (RFC 9562, version 4); crypto.randomUUID is missing on plain http. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(HEX_GROUPS, "$1-$2-$3-$4-$5");
}

const nameOf = (url, file) =>
  ["upload", url, file.webkitRelativePath || file.name, file.size, file.lastModified].join("|");

export function keyFor(url, file) {
  const name = nameOf(url, file);
  const key = sessionStorage.getItem(name) ?? uuid();
  sessionStorage.setItem(name, key);
  return key;
}

export function forgetKey(url, file) {
  sessionStorage.removeItem(nameOf(url, file));
}
