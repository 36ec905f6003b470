// From what a person dropped or picked to the photos in it.

const PHOTO_NAME = /\.(jpe?g|png|webp|hei[cf]|avif|tiff?)$/i;

/** Whether a file found in a folder is meant: some systems give HEIC photos no type. */
export const isPhoto = (file) => file.type.startsWith("image/") || PHOTO_NAME.test(file.name);

const asFile = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

const nextEntries = (reader) =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** Every file in a dropped folder; a reader gives its entries in portions until one is empty. */
async function filesInFolder(folder) {
  const reader = folder.createReader();
  const files = [];
  for (let entries = await nextEntries(reader); entries.length; entries = await nextEntries(reader)) {
    files.push(...(await Promise.all(entries.map(filesInEntry))).flat());
  }
  return files;
}

const filesInEntry = async (entry) =>
  entry.isDirectory ? filesInFolder(entry) : [await asFile(entry)];

/** The files of a drop and, separately, those in dropped folders. */
export async function filesInDrop(transfer) {
  // The list is emptied as soon as this handler yields, so all is taken out of it first.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const folders = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry?.isDirectory);
  const names = new Set(folders.map((folder) => folder.name));
  const files = [...transfer.files].filter((file) => !names.has(file.name));
  const inFolders = (await Promise.all(folders.map(filesInFolder))).flat();
  return { files, inFolders };
}
