// The phone screen: the conversation of the chosen customer and business.
import { post, upload } from "./api.js";
import { avatar, byId, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { served } from "./settings.js";
import { pair, store } from "./store.js";

let quoted = null;
let shown = "";

const say = (body) => post("/sim/messages", { ...pair(), ...body });

function setQuote(message) {
  quoted = message;
  byId("quoting").hidden = !message;
  byId("quoting-text").textContent = message ? t("asked", { text: preview(message.content) }) : "";
  if (message) byId("text").focus();
}

function preview(content) {
  const names = { image: t("photo"), video: t("video"), sticker: "🏷", emoji: "🙂", share_post: t("sharedPost", { id: "" }), unknown: "…" };
  return content.body ?? content.title ?? names[content.type] ?? "";
}

function card(message) {
  const { title, buttons } = message.content;
  return el("div", { class: "qcard" }, el("div", {}, title), ...buttons.map((button) =>
    el("button", { type: "button", "data-testid": "card-button", onclick: () => (button.id ? say({ button_id: button.id }) : say({ type: "text", text: button.title })) }, button.title)));
}

function bubble(message, view) {
  const { content } = message;
  const media = `/sim/media/${content.media_id}`;
  switch (content.type) {
    case "image": return el("div", { class: "b pic" }, el("img", { src: media, alt: t("photo") }));
    case "video": return el("div", { class: "b pic" }, el("video", { src: media, controls: true, "aria-label": t("video"), preload: "metadata" }));
    case "sticker": case "emoji": return el("div", { class: "b bare" }, el("img", { src: content.url, alt: t("sticker") }));
    case "share_post": return el("div", { class: "b post" }, icon("clapperboard"), el("span", {}, t("sharedPost", { id: content.post_id })));
    case "template": return card(message);
    case "unknown": return el("div", { class: "b" }, t("unknownType", { type: content.type_name }));
    default: {
      const source = message.quoted_message_id && view.messages.find((one) => one.message_id === message.quoted_message_id);
      return el("div", { class: "b" }, source ? el("span", { class: "quoted" }, preview(source.content)) : null, content.body);
    }
  }
}

function under(message, view, last) {
  const source = { OTHERS: t("automatic"), APP: t("fromApp"), WEB: t("fromWeb") }[message.source];
  const words = [];
  if (message.from_business && source) words.push(source);
  if (message === last.mine && view.business_read_at >= message.timestamp) words.push(t("seen"));
  if (message === last.theirs && view.read_up_to >= message.timestamp) words.push(t("readHere"));
  return words.length ? el("div", { class: "under", "data-testid": "under" }, words.join(" · ")) : null;
}

function row(message, view, last) {
  const mine = !message.from_business;
  const react = () => say({ type: "reaction", emoji: "❤️", original_msg_id: message.message_id, remove: message.reactions.some((one) => one.emoji === "❤️") });
  const tools = el("div", { class: "tools" },
    mine ? null : el("button", { type: "button", "data-testid": "react", "aria-label": t("reactTo"), onclick: react }, icon("heart", "s14")),
    el("button", { type: "button", "data-testid": "quote", "aria-label": t("reply"), onclick: () => setQuote(message) }, icon("reply", "s14")));
  const reacts = message.reactions.length ? el("div", { class: "reacts", "data-testid": "reactions" }, ...message.reactions.map((one) => el("span", {}, one.emoji ?? "✦"))) : null;
  return el("li", { class: `m ${mine ? "mine" : ""}`, "data-testid": "message", "data-id": message.message_id, "data-from": mine ? "customer" : "business", "data-type": message.content.type, "data-source": message.source },
    el("div", { class: "body" }, bubble(message, view), reacts, under(message, view, last)), tools);
}

export function renderPhone() {
  const { business } = pair();
  const known = store.snapshot.businesses;
  const select = byId("partner");
  const names = known.map((one) => `${one.username}\n${one.display_name}`).join("\n");
  if (select.dataset.names !== names) {
    select.dataset.names = names;
    select.replaceChildren(...known.map((one) => el("option", { value: one.username }, one.display_name)));
  }
  if (business) select.value = business;
  byId("device-avatar").replaceChildren(...(business ? [avatar(business)] : []));
  const view = store.view;
  byId("act-accept").hidden = !view?.held;
  byId("device-hint").textContent = business ? `@${business} · ${view ? t(view.held ? "held" : view.kind === "SINGLE" ? "single" : "stranger") : t("stranger")}` : t("pick");
  renderChips();
  const thread = byId("thread");
  const signature = JSON.stringify([view?.id, view?.messages, view?.read_up_to, view?.business_read_at, typing(), view?.ads, view?.short_links, document.documentElement.lang]);
  if (signature === shown) return;
  shown = signature;
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  const messages = view?.messages ?? [];
  const last = { mine: messages.findLast((one) => !one.from_business), theirs: messages.findLast((one) => one.from_business) };
  const came = [...(view?.ads ?? []).map((ad) => ad.ad_name), ...(view?.short_links ?? []).map((link) => `tiktok.me · ${link.ref}`)].at(-1);
  const rows = messages.map((message) => row(message, view, last));
  if (came) rows.unshift(el("li", { class: "adl", "data-testid": "came-from" }, t("cameFrom", { name: came })));
  if (typing()) rows.push(el("li", { class: "typing", "data-testid": "typing" }, el("span", { class: "sr" }, t("typing")), el("span", { class: "dots3", "aria-hidden": "true" }, el("i"), el("i"), el("i"))));
  thread.replaceChildren(...rows);
  if (atEnd || thread.dataset.of !== view?.id) thread.scrollTop = thread.scrollHeight;
  thread.dataset.of = view?.id ?? "";
}

function renderChips() {
  const chips = byId("chips");
  const all = served();
  const names = JSON.stringify(all);
  if (chips.dataset.names === names) return;
  chips.dataset.names = names;
  chips.hidden = !all.length;
  chips.replaceChildren(...all.map((one) => el("button", { type: "button", "data-testid": "chip", "data-type": one.auto_message_type, onclick: () => say({ auto_message_id: one.auto_message_id }).catch(() => {}) }, one.words[0])));
}

const typing = () => (store.view?.typing_until ?? 0) > store.now();

const acts = {
  ad: () => post("/sim/referrals", { ...pair(), source: "ad" }),
  link: async () => {
    await post("/sim/referrals", { ...pair(), source: "short_link", prefilled_message: t("prefilled") });
    byId("text").value ||= t("prefilled");
  },
  share: () => say({ type: "share_post" }),
  react: () => say({ type: "reaction", emoji: "❤️" }),
  read: () => post("/sim/reads", pair()),
  accept: () => post("/sim/accepts", pair()),
};

export function wirePhone(choose) {
  byId("partner").addEventListener("change", (event) => choose({ business: event.target.value }));
  byId("quoting-cancel").addEventListener("click", () => setQuote(null));
  byId("write").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = byId("text");
    const text = field.value;
    if (!text.trim()) return;
    await say({ type: "text", text, quote: quoted?.message_id ?? null });
    field.value = "";
    setQuote(null);
  });
  byId("sticker").addEventListener("click", () => say({ type: "sticker" }));
  byId("picture").addEventListener("click", () => byId("picture-file").click());
  byId("picture-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const { media_id } = await upload(file);
    event.target.value = "";
    await say({ type: file.type.startsWith("video/") ? "video" : "image", media_id });
  });
  for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => acts[button.dataset.act]().catch(() => {}));
  byId("app-reply").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = byId("app-text");
    const source = byId("app-source").value;
    if (!field.value.trim()) return;
    const where = source.includes("_") ? { auto_message_type: source } : { source };
    await post("/sim/app-replies", { ...pair(), type: "text", text: field.value, ...where });
    field.value = "";
  });
  byId("comment-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    await post("/sim/comments", { ...pair(), text: form.elements.text.value, high_intent: form.elements.high_intent.checked });
    form.reset();
    form.closest("dialog").close();
  });
  byId("past-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const at = Math.round(store.now() - Number(form.elements.hours.value) * 3_600_000);
    await say({ type: "text", text: form.elements.text.value, at });
    form.elements.text.value = "";
    form.closest("dialog").close();
  });
}
