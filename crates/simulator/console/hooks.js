// The right column: webhook log, one webhook opened, the rules' ledger.
import { post } from "./api.js";
import { byId, clockTime, dayTime, el, icon, toast } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

let tab = "payload";
let follow = true;

function state(hook) {
  const last = hook.tries.at(-1);
  if (hook.state === "delivered") return ["ok", `${last.status}`, `${last.took_ms} ms`];
  if (hook.state === "no_callback") return ["", t("noCallback"), ""];
  if (hook.state === "dropped") return ["bad", t("dropped"), ""];
  if (hook.state === "given_up") return ["bad", t("givenUp"), ""];
  if (!last) return ["info", t("waiting"), ""];
  const seconds = Math.max(0, Math.round((hook.due_at - store.now()) / 1000));
  return ["warn", t("retry", { n: hook.tries.length }), t("inTime", { s: seconds })];
}

export function renderHooks() {
  const { items, counts } = store.hooks;
  byId("hook-counts").textContent = t("counts", { sent: counts.delivered, retried: counts.retried, givenUp: counts.given_up });
  const newest = [...items].reverse();
  if (follow || !items.some((one) => one.id === store.hook)) store.hook = newest[0]?.id ?? null;
  const list = byId("hooks");
  const focused = document.activeElement?.dataset?.hook;
  list.replaceChildren(...(newest.length ? newest.map((hook) => {
    const [tone, word, time] = state(hook);
    const choose = () => { store.hook = hook.id; follow = hook.id === newest[0].id; renderHooks(); };
    return el("li", {}, el("button", { class: "lg", "data-testid": "hook", "data-hook": hook.id, "data-event": hook.event, "data-state": hook.state, "aria-current": hook.id === store.hook ? "true" : null, onclick: choose },
      el("time", { class: "num" }, clockTime(hook.created_at)), el("span", { class: "mono grow trunc" }, [hook.event, hook.label].filter(Boolean).join(" · ")),
      el("span", { class: `tag ${tone}` }, word), el("span", { class: "ms num" }, time)));
  }) : [el("li", { class: "empty" }, t("noHooks"))]));
  if (focused) list.querySelector(`[data-hook="${focused}"]`)?.focus();
  renderDetail();
  renderLedger();
}

const current = () => store.hooks.items.find((one) => one.id === store.hook);
const span = (kind, text) => el("span", { class: kind }, text);

/** Coloured JSON as nodes; `content` of the envelope is opened in place. */
function json(value, indent, key) {
  const pad = "  ".repeat(indent);
  if (key === "content" && indent === 1 && typeof value === "string") {
    try { return [span("jc", `${t("opened")} `), ...json(JSON.parse(value), indent)]; } catch { /* shown as the text it is */ }
  }
  if (value !== null && typeof value === "object") {
    const array = Array.isArray(value);
    const entries = Object.entries(value);
    // The long one last, where it can be read.
    if (indent === 0) entries.sort(([a], [b]) => (a === "content") - (b === "content"));
    if (!entries.length) return [array ? "[]" : "{}"];
    const out = [array ? "[\n" : "{\n"];
    entries.forEach(([name, inner], at) => {
      out.push(`${pad}  `, ...(array ? [] : [span("jk", JSON.stringify(name)), ": "]), ...json(inner, indent + 1, name), at < entries.length - 1 ? ",\n" : "\n");
    });
    return [...out, pad, array ? "]" : "}"];
  }
  return [span(typeof value === "string" ? "js" : "jn", JSON.stringify(value))];
}

function renderDetail() {
  const hook = current();
  byId("hook-detail").hidden = !hook;
  if (!hook) return;
  const headers = hook.tries.at(-1)?.headers ?? [];
  const signature = headers.find(([name]) => name === "Tiktok-Signature")?.[1];
  byId("signature").replaceChildren(...(signature
    ? [el("span", { class: "tag ok" }, icon("shield-check", "s12"), t("signed")), el("span", { class: "mono" }, `Tiktok-Signature: ${signature}`)]
    : [el("span", { class: "tag" }, t("notSent"))]));
  byId("resend").disabled = !hook.url;
  const panel = byId("hook-panel");
  panel.setAttribute("aria-labelledby", `tab-${tab}`);
  if (tab === "payload") panel.replaceChildren(...json(JSON.parse(hook.body), 0));
  else if (tab === "headers") panel.replaceChildren([`POST ${hook.url ?? t("noCallback")}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\n"));
  else panel.replaceChildren(hook.tries.map((one, at) => t("tryLine", { n: at + 1, time: clockTime(one.at), answer: [one.status, one.answer].filter(Boolean).join(" ") || t("failed") })).join("\n") || t("notSent"));
}

function pips({ quota_left: left, quota_limit: limit }) {
  const tone = left === 0 ? "none" : left <= 3 ? "low" : "";
  const marks = Array.from({ length: limit }, (_, at) => el("i", { class: at < left ? null : "used" }));
  return el("span", { class: `pips ${tone}`, role: "img", "aria-label": t("quotaLeft", { n: left, of: limit }) }, ...marks);
}

export function renderLedger() {
  const view = store.view;
  const rows = [];
  const add = (name, id, ...value) => rows.push(el("dt", {}, t(name)), el("dd", { class: "row-flex num", "data-testid": id }, ...value));
  if (view) {
    const { ledger } = view;
    const closes = ledger.window_closes_at;
    add("window", "ledger-window", closes === null ? t("windowNone") : t(closes > store.now() ? "windowOpen" : ledger.state === "closed" ? "windowClosed" : "windowSilent", { time: dayTime(closes) }));
    if (ledger.quota_left === null) add("quota", "ledger-quota", t("quotaFree"));
    else add("quota", "ledger-quota", pips(ledger), el("span", {}, t("quotaLeft", { n: ledger.quota_left, of: ledger.quota_limit })));
    add("pictures", "ledger-pictures", t(view.image_send ? "picturesYes" : "picturesNo"));
  } else {
    add("window", "ledger-window", t("windowNone"));
  }
  const last = current()?.tries.at(-1);
  if (last) add("attempts", "ledger-attempts", last.status ? t("attemptLine", { time: clockTime(last.at), status: last.status, ms: last.took_ms }) : t("attemptLost", { time: clockTime(last.at), answer: last.answer }));
  byId("ledger").replaceChildren(...rows);
}

function curl(hook) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const headers = (hook.tries.at(-1)?.headers ?? []).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return ["curl -i -X POST", ...headers, `--data-binary ${quote(hook.body)}`, quote(hook.url ?? "")].join(" ");
}

export function wireHooks() {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  const choose = (button) => {
    tab = button.dataset.tab;
    for (const one of tabs) { one.setAttribute("aria-selected", one === button); one.tabIndex = one === button ? 0 : -1; }
    renderDetail();
  };
  tabs.forEach((button, at) => {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(at + step + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  });
  byId("resend").addEventListener("click", async () => { follow = true; await post(`/sim/webhooks/${store.hook}/resend`); });
  byId("copy-curl").addEventListener("click", async () => { await navigator.clipboard.writeText(curl(current())); toast(t("copied")); });
}
