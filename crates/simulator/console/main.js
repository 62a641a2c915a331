// Starts the console: loads everything, listens for news, keeps the clock ticking.
import { post } from "./api.js";
import { byId, fullTime, toast } from "./dom.js";
import { renderHooks, renderLedger, wireHooks } from "./hooks.js";
import { apply, switchLanguage, t } from "./i18n.js";
import { renderFaults, renderPeople, wirePeople } from "./people.js";
import { renderPhone, wirePhone } from "./phone.js";
import { renderRespondio, wireRespondio } from "./respondio.js";
import { renderSettings, wireSettings } from "./settings.js";
import { loadClock, loadFaults, loadHooks, loadPeople, loadSpaces, store } from "./store.js";

function renderClock() {
  const node = byId("clock");
  const now = store.now();
  node.textContent = fullTime(now);
  node.dateTime = new Date(now).toISOString();
  for (const button of document.querySelectorAll("[data-speed]")) button.setAttribute("aria-pressed", Number(button.dataset.speed) === store.clock.speed);
}

function render() {
  renderClock();
  renderPeople(choose);
  renderSettings();
  renderRespondio();
  renderFaults();
  renderPhone();
  renderHooks();
}

async function choose(change) {
  Object.assign(store.chosen, change);
  await loadPeople();
  render();
}

// News come in bursts: what they touch is collected and fetched once.
const due = new Set();
let running = false;
async function refresh() {
  if (running) return;
  running = true;
  while (due.size) {
    const topics = new Set(due);
    due.clear();
    const all = topics.has("reload");
    const has = (...names) => all || names.some((name) => topics.has(name));
    try {
      if (has("clock")) await loadClock();
      if (has("state", "conversation", "clock")) await loadPeople();
      if (has("state")) await loadSpaces();
      if (has("conversation", "webhook", "webhooks", "state", "clock")) await loadHooks();
      if (has("faults", "call", "state")) await loadFaults();
      render();
    } catch { /* told by a toast; the next news tries again */ }
  }
  running = false;
}

function listen() {
  const source = new EventSource("/sim/events");
  source.addEventListener("open", () => { due.add("reload"); refresh(); });
  source.addEventListener("message", (event) => { due.add(JSON.parse(event.data).topic); setTimeout(refresh, 30); });
}

function wire() {
  wirePhone(choose);
  wirePeople();
  wireHooks();
  wireSettings();
  wireRespondio();
  document.addEventListener("made", ({ detail }) => choose(detail.kind === "customers" ? { customer: detail.username } : { business: detail.username }));
  byId("language").addEventListener("click", () => { switchLanguage(); render(); });
  for (const button of document.querySelectorAll("[data-speed]")) button.addEventListener("click", () => post("/sim/clock", { speed: Number(button.dataset.speed) }));
  for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => post("/sim/clock", { advance_ms: Number(button.dataset.advance) }));
  byId("next-closing").addEventListener("click", () => {
    const now = store.now();
    const next = Math.min(...store.snapshot.conversations.map((one) => one.ledger.window_closes_at ?? 0).filter((at) => at > now));
    if (Number.isFinite(next)) post("/sim/clock", { advance_ms: Math.max(1, Math.ceil(next - now)) });
    else toast(t("noClosing"));
  });
  for (const button of document.querySelectorAll("[data-pane-button]")) {
    button.addEventListener("click", () => {
      document.body.dataset.pane = button.dataset.paneButton;
      for (const other of document.querySelectorAll("[data-pane-button]")) other.toggleAttribute("aria-current", false);
      button.setAttribute("aria-current", "true");
      renderPhone();
    });
  }
}

apply();
wire();
listen();
setInterval(() => { renderClock(); renderPhone(); renderLedger(); }, 1000);
