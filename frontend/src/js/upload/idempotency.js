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

// By which name each file goes until it is answered: photos from two folders may be alike in all
// that tells files apart, and each must have a key of its own.
const names = new Map();

function nameOf(url, file) {
  if (!names.has(file)) {
    const path = file.webkitRelativePath || file.name;
    const common = ["upload", url, path, file.size, file.lastModified].join("|");
    const taken = new Set(names.values());
    let name = common;
    for (let other = 2; taken.has(name); other += 1) name = `${common}|${other}`;
    names.set(file, name);
  }
  return names.get(file);
}

export function keyFor(url, file) {
  const name = nameOf(url, file);
  const key = sessionStorage.getItem(name) ?? uuid();
  sessionStorage.setItem(name, key);
  return key;
}

export function forgetKey(url, file) {
  sessionStorage.removeItem(nameOf(url, file));
  names.delete(file);
}
