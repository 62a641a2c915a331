// The account's settings: rules, country, reviews, Comment-to-Message, automatic messages, keyword replies.
import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

const KINDS = ["WELCOME_MESSAGE", "SUGGESTED_QUESTION", "CHAT_PROMPT"];
const NAMES = { WELCOME_MESSAGE: "autoWelcome", SUGGESTED_QUESTION: "autoQuestion", CHAT_PROMPT: "autoPrompt", AUTO_REPLY: "autoKeyword" };
const STATUS = { REVIEWING: ["info", "reviewing"], APPROVED: ["ok", "approved"], REJECTED: ["bad", "rejected"] };
/** Words of each field in the dialog: the first is absent where there is only one. */
const FIELDS = { WELCOME_MESSAGE: [null, "content"], SUGGESTED_QUESTION: ["question", "answerText"], CHAT_PROMPT: ["promptTitle", "promptText"], AUTO_REPLY: ["keywords", "answerText"] };
const LENGTHS = { WELCOME_MESSAGE: [0, 250], SUGGESTED_QUESTION: [80, 200], CHAT_PROMPT: [18, 150], AUTO_REPLY: [200, 6000] };

let shown = "";
const business = () => store.snapshot.businesses.find((one) => one.username === store.chosen.business);
const change = (settings) => post("/sim/settings", { business: store.chosen.business, ...settings }).catch(() => {});

function choice(id, label, value, options, onchoose) {
  const select = el("select", { class: "input", id, "data-testid": id, onchange: (event) => onchoose(event.target.value) },
    ...options.map(([key, words]) => el("option", { value: key, selected: key === value }, t(words))));
  return el("div", { class: "st-row" }, el("label", { for: id }, t(label)), select);
}

function toggle(id, label, hint, on, onturn) {
  return el("div", { class: "st-row" },
    el("div", { class: "grow" }, el("div", {}, label), hint ? el("div", { class: "hint" }, hint) : null),
    el("button", { class: "switch", role: "switch", "data-testid": id, "aria-checked": on ? "true" : "false", "aria-label": label, onclick: () => onturn(!on) }));
}

function country(one) {
  const send = (event) => (/^[A-Za-z]{2}$/.test(event.target.value) ? change({ region: event.target.value }) : (event.target.value = one.region));
  return el("div", { class: "st-row" }, el("label", { for: "set-region" }, t("country")),
    el("input", { class: "input", id: "set-region", "data-testid": "set-region", value: one.region, maxlength: 2, pattern: "[A-Za-z]{2}", autocomplete: "off", onchange: send }));
}

function automatic(message) {
  const [tone, words] = STATUS[message.audit_status];
  const decide = (approve) => post(`/sim/auto-messages/${message.auto_message_id}/review`, { approve }).catch(() => {});
  const button = (approve, name) => el("button", { class: "btn btn-secondary btn-sm", "data-testid": `${approve ? "approve" : "reject"}-auto`, onclick: () => decide(approve) }, t(name));
  return el("li", { class: "st-auto", "data-testid": "auto-message", "data-status": message.audit_status },
    el("div", { class: "row-flex" }, el("span", { class: "grow trunc", dir: "auto" }, message.words[0]), el("span", { class: `tag ${tone}` }, t(words))),
    message.words[1] ? el("div", { class: "hint trunc", dir: "auto" }, message.words[1]) : null,
    message.audit_status === "REVIEWING" ? el("div", { class: "row-flex" }, button(true, "approve"), button(false, "reject")) : null);
}

function type(one, kind) {
  const messages = one.auto_messages.filter((message) => message.auto_message_type === kind);
  if (!messages.length) return [];
  const on = one.enabled_auto_messages.includes(kind);
  return [toggle(`switch-${kind}`, t(NAMES[kind]), t(on ? "autoOn" : "autoOff"), on, (next) => post("/sim/auto-messages/switch", { business: one.username, auto_message_type: kind, on: next }).catch(() => {})),
    el("ul", { class: "st-list" }, ...messages.map(automatic))];
}

function keywords(one) {
  if (!one.keyword_replies.length) return [];
  const remove = (at) => change({ keyword_replies: one.keyword_replies.filter((_, other) => other !== at) });
  return [el("div", { class: "st-row" }, t("autoKeyword")), el("ul", { class: "st-list" }, ...one.keyword_replies.map((reply, at) =>
    el("li", { class: "st-auto row-flex", "data-testid": "keyword-reply" },
      el("span", { class: "grow" }, el("span", { class: "trunc st-line", dir: "auto" }, reply.keywords.join(", ")), el("span", { class: "hint trunc st-line", dir: "auto" }, reply.answer)),
      el("button", { class: "btn btn-ghost btn-sm", "data-testid": "remove-keyword", onclick: () => remove(at) }, t("remove")))))];
}

export function renderSettings() {
  const one = business();
  const signature = JSON.stringify([one, document.documentElement.lang]);
  if (signature === shown) return;
  shown = signature;
  byId("new-auto").disabled = !one;
  byId("settings-of").textContent = one ? `@${one.username}` : "";
  const box = byId("settings");
  if (!one) return box.replaceChildren(el("p", { class: "empty" }, t("noBusinesses")));
  const focused = document.activeElement?.dataset?.testid;
  box.replaceChildren(
    choice("set-rules", "rules", one.rules, [["strict", "rulesStrict"], ["guide", "rulesGuide"]], (rules) => change({ rules })),
    choice("set-review", "reviews", one.review, [["approve", "reviewApprove"], ["reject", "reviewReject"], ["manual", "reviewManual"]], (review) => change({ review })),
    country(one),
    toggle("set-open", t("openToEveryone"), t("openToEveryoneHint"), one.open_to_everyone, (on) => change({ open_to_everyone: on })),
    toggle("set-comment-to-message", t("commentToMessage"), t("commentToMessageHint"), one.comment_to_message, (on) => change({ comment_to_message: on })),
    ...KINDS.flatMap((kind) => type(one, kind)),
    ...keywords(one));
  if (focused) box.querySelector(`[data-testid="${focused}"]`)?.focus();
}

/** Suggested questions and chat prompts that the customer sees. */
export function served() {
  const one = business();
  const seen = (message) => message.auto_message_type !== "WELCOME_MESSAGE" && message.audit_status === "APPROVED" && one.enabled_auto_messages.includes(message.auto_message_type);
  return one ? one.auto_messages.filter(seen) : [];
}

export function wireSettings() {
  const form = byId("auto-form");
  const kind = form.elements.kind;
  const fit = () => {
    const [first, second] = FIELDS[kind.value];
    byId("auto-first").hidden = !first;
    form.elements.first.required = Boolean(first);
    [form.elements.first.maxLength, form.elements.second.maxLength] = LENGTHS[kind.value];
    byId("auto-first-label").textContent = first ? t(first) : "";
    byId("auto-second-label").textContent = t(second);
  };
  kind.addEventListener("change", fit);
  byId("new-auto").addEventListener("click", fit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const one = business();
    const [first, second] = [form.elements.first.value.trim(), form.elements.second.value.trim()];
    const objects = {
      WELCOME_MESSAGE: { welcome_message: { content: second } },
      SUGGESTED_QUESTION: { suggested_question: { question: first, answer: second } },
      CHAT_PROMPT: { chat_prompt: { title: first, content: second } },
    };
    if (kind.value === "AUTO_REPLY") {
      const words = first.split(",").map((word) => word.trim()).filter(Boolean);
      await post("/sim/settings", { business: one.username, keyword_replies: [...one.keyword_replies, { keywords: words, answer: second }] });
    } else {
      await post("/sim/auto-messages", { business: one.username, auto_message_type: kind.value, ...objects[kind.value] });
    }
    form.reset();
    form.closest("dialog").close();
  });
}
