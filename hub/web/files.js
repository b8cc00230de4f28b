// Files to and from the hub, with the session's rights and in the page's language.

import { HubAway, Refused, csrfToken } from "./session.js";
import { element } from "./page.js";

const KEPT_MS = 60000; // until the browser has taken a file that was made for it

async function answered(path, options, language) {
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      ...options, headers: { ...options.headers, "Accept-Language": language }, cache: "no-store", credentials: "same-origin",
    });
  } catch (error) {
    throw new HubAway(String(error));
  }
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
  return answer;
}

/** The answer becomes a file of the browser; gives its bytes. `told(bytes)` hears how many came, `signal` stops it. Throws HubAway, Refused. */
export async function save(path, name, language, { signal, told } = {}) {
  const answer = await answered(path, { signal }, language);
  const blob = told ? await counted(answer, told) : await answer.blob();
  const url = URL.createObjectURL(blob);
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
  return blob.size;
}

async function counted(answer, told) {
  const reader = answer.body.getReader();
  const pieces = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces, { type: answer.headers.get("Content-Type") || "" });
    pieces.push(value);
    bytes += value.length;
    told(bytes);
  }
}

/** A file as the body. Throws HubAway, Refused. */
export async function upload(path, file, type, language) {
  const headers = { "X-CSRF-Token": csrfToken(), "Content-Type": type };
  const answer = await answered(path, { method: "POST", headers, body: file }, language);
  return answer.json();
}
