// Calls of the control API. Errors come up as a toast and as a rejected promise.
import { toast } from "./dom.js";
import { t } from "./i18n.js";

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, { method, body });
  } catch (error) {
    toast(t("offline"));
    throw error;
  }
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    toast(data.detail || `${answer.status}`);
    throw new Error(data.detail || `${answer.status}`);
  }
  return data;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, JSON.stringify(body));
export const upload = (file) => call("POST", "/sim/media", file);
export const remove = (path) => call("DELETE", path);
