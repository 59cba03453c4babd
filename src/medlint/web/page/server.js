// Asking the server. Everything goes to where the page came from, and nowhere else.

const PAGE = crypto.randomUUID();
const JSON_TYPE = { "content-type": "application/json" };

export class Refused extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { method: "POST", cache: "no-store", credentials: "omit", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("medlint serve does not answer; is it still running?");
  }
  if (response.ok) return response;
  const { error = response.statusText } = await response.json().catch(() => ({}));
  throw Object.assign(new Refused(error), { status: response.status });
}

export async function start() {
  return (await ask("api/start", { headers: JSON_TYPE, body: "{}" })).json();
}

export async function open(file) {
  const path = `api/open?name=${encodeURIComponent(file.name)}`;
  const headers = { "content-type": "application/octet-stream" };
  return (await ask(path, { headers, body: await file.arrayBuffer() })).json();
}

export async function lint(request, number, signal) {
  const headers = { ...JSON_TYPE, "x-medlint-page": PAGE, "x-medlint-number": String(number) };
  return (await ask("api/lint", { headers, body: JSON.stringify(request), signal })).json();
}

export async function download(request) {
  const response = await ask("api/download", { headers: JSON_TYPE, body: JSON.stringify(request) });
  const disposition = response.headers.get("content-disposition") ?? "";
  const [, name = "draft"] = /filename\*=UTF-8''(\S+)/.exec(disposition) ?? [];
  return { name: decodeURIComponent(name), data: await response.blob() };
}
