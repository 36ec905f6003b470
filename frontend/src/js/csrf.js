/** The token of this page: it stands in the page itself, so that no script ever reads a cookie. */
export function csrfToken() {
  return document.querySelector("meta[name=csrf-token]")?.content ?? "";
}
