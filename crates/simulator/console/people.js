// The left column: customers, businesses, faults.
import { post, remove } from "./api.js";
import { avatar, byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { conversationOf, store } from "./store.js";

const EUROPE = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UK".split(" ");

const FAULTS = [
  ["lose", { endpoint: "message/send", kind: "lose_answer" }],
  ["twice", { endpoint: "webhook", kind: "duplicate" }],
  ["late", { endpoint: "message/send", kind: "late_echo" }],
  ["early", { endpoint: "message/send", kind: "early_echo" }],
  ["order", { endpoint: "webhook", kind: "out_of_order" }],
  ["drop", { endpoint: "webhook", kind: "drop" }],
  ["rate", { endpoint: "*", kind: "rate_limit" }],
  ["system", { endpoint: "message/send", kind: "code", value: 51065, probability: 0.2 }],
  ["cut", { endpoint: "message/send", kind: "reset_before" }],
  ["revoked", { endpoint: "*", kind: "revoked" }],
];

function person(one, current, hint, tag, choose, extra = "") {
  return el("li", {}, el("button", { class: `cu ${extra}`, "data-testid": `person-${one.username}`, "aria-current": current ? "true" : null, onclick: choose },
    avatar(one.username),
    el("span", { class: "grow" }, el("span", { class: "trunc name", dir: "auto" }, one.display_name), el("span", { class: "hint trunc" }, hint)),
    el("span", { class: "tag" }, tag)));
}

export function renderPeople(choose) {
  const { customers, businesses } = store.snapshot;
  const name = (username) => businesses.find((one) => one.username === username)?.display_name ?? username;
  const hint = (one) => {
    if (EUROPE.includes(one.region)) return `@${one.username}, ${t("withheld")}`;
    const conversation = conversationOf(one.username);
    return conversation ? `@${one.username} → ${name(conversation.business)}` : `@${one.username}`;
  };
  byId("customers").replaceChildren(...(customers.length ? customers.map((one) =>
    person(one, one.username === store.chosen.customer, hint(one), one.region, () => choose({ customer: one.username, business: conversationOf(one.username)?.business ?? store.chosen.business })))
    : [el("li", { class: "empty" }, t("noCustomers"))]));
  const state = (one) => (one.is_business_account ? t(one.connected_apps.length ? "connected" : "notConnected") : t("personal"));
  byId("businesses").replaceChildren(...(businesses.length ? businesses.map((one) =>
    person(one, one.username === store.chosen.business, `@${one.username} · ${state(one)}`, one.region, () => choose({ business: one.username }), "acct"))
    : [el("li", { class: "empty" }, t("noBusinesses"))]));
}

export function renderFaults() {
  const match = (fault) => store.faults.filter((one) => one.kind === fault.kind && (fault.kind !== "code" || one.value === fault.value));
  byId("faults").replaceChildren(...FAULTS.map(([key, fault]) => {
    const on = match(fault);
    const left = on[0]?.times_left;
    const toggle = async () => {
      if (on.length) await Promise.all(on.map((one) => remove(`/sim/faults/${one.id}`)));
      else await post("/sim/faults", fault);
    };
    return el("li", {}, el("div", { class: "grow" }, el("div", { id: `fault-${key}-name` }, t(`f_${key}`)), el("div", { class: "hint" }, left ? t("timesLeft", { n: left }) : t(`fh_${key}`))),
      el("button", { class: "switch", role: "switch", "data-testid": `fault-${key}`, "aria-checked": on.length ? "true" : "false", "aria-label": t(`f_${key}`), onclick: toggle }));
  }));
  const clear = byId("clear-faults");
  clear.hidden = store.faults.length === 0;
  clear.textContent = t("clear", { n: store.faults.length });
}

export function wirePeople() {
  byId("clear-faults").addEventListener("click", () => remove("/sim/faults"));
  for (const button of document.querySelectorAll("[data-dialog]")) button.addEventListener("click", () => byId(button.dataset.dialog).showModal());
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  for (const form of document.querySelectorAll("[data-create]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = {};
      for (const field of form.elements) if (field.name) body[field.name] = field.type === "checkbox" ? field.checked : field.value.trim();
      const made = await post(`/sim/${form.dataset.create}`, body);
      form.reset();
      form.closest("dialog").close();
      form.dispatchEvent(new CustomEvent("made", { bubbles: true, detail: { kind: form.dataset.create, username: made.username } }));
    });
  }
}
