// Small helpers: elements without innerHTML, icons, times, the toast.
import { locale } from "./i18n.js";

/** `el("button", { class: "btn", onclick }, "text", child)`; strings become text, never markup. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name, size = "") {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", `i ${size}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(ns, "use");
  use.setAttribute("href", `/console/icons.svg#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);
export const avatar = (username) => el("img", { src: `/sim/avatars/${username}.svg`, alt: "", width: 32, height: 32 });

const format = (ms, options) => new Intl.DateTimeFormat(locale(), options).format(ms);
export const clockTime = (ms) => format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
export const dayTime = (ms) => format(ms, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
export const fullTime = (ms) => format(ms, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

let hiding;
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => { node.textContent = ""; }, 5000);
}
