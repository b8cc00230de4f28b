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

/** The answer becomes a file of the browser. Throws HubAway, Refused. */
export async function save(path, name, language) {
  const answer = await answered(path, {}, language);
  const url = URL.createObjectURL(await answer.blob());
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** A file as the body. Throws HubAway, Refused. */
export async function upload(path, file, type, language) {
  const headers = { "X-CSRF-Token": csrfToken(), "Content-Type": type };
  const answer = await answered(path, { method: "POST", headers, body: file }, language);
  return answer.json();
}
