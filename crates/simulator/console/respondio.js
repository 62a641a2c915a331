// Respond.io's settings: workspaces with their access token and channels.
import { post, remove } from "./api.js";
import { byId, el, toast } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

let shown = "";

const path = (space, what) => `/sim/respondio/workspaces/${space.id}/${what}`;
const quietly = (call) => call.catch(() => {});
const button = (testid, words, onclick) => el("button", { class: "btn btn-ghost btn-sm", "data-testid": testid, onclick }, words);

async function copy(token) {
  await navigator.clipboard.writeText(token);
  toast(t("copied"));
}

/** The newest token stands there to be copied; a new one ends the others, as when somebody takes it back. */
function token(space) {
  const newest = space.tokens.at(-1) ?? "";
  return el("div", {},
    el("label", { for: `token-${space.id}`, class: "hint" }, t("accessToken")),
    el("div", { class: "row-flex" },
      el("input", { class: "input grow mono", id: `token-${space.id}`, "data-testid": "respondio-token", readonly: true, value: newest, onfocus: (event) => event.target.select() }),
      button("copy-token", t("copy"), () => quietly(copy(newest))),
      button("replace-token", t("replace"), () => quietly(post(path(space, "tokens"), { revoke_others: true })))));
}

function channel(space, one) {
  return el("li", { class: "st-auto row-flex", "data-testid": "respondio-channel" },
    el("span", { class: "grow" }, el("span", { class: "trunc st-line", dir: "auto" }, one.name), el("span", { class: "hint trunc st-line" }, `@${one.business} · ${one.id}`)),
    button("remove-channel", t("remove"), () => quietly(remove(path(space, `channels/${one.id}`)))));
}

/** Businesses that are no channel there yet. */
function connect(space) {
  const rest = store.snapshot.businesses.filter((one) => one.is_business_account && !space.channels.some((known) => known.business === one.username));
  if (!rest.length) return null;
  const id = `connect-${space.id}`;
  return el("div", { class: "st-row" }, el("label", { for: id }, t("connectChannel")),
    el("select", { class: "input", id, "data-testid": "connect-channel", onchange: (event) => quietly(post(path(space, "channels"), { business: event.target.value })) },
      el("option", { value: "" }, "–"),
      ...rest.map((one) => el("option", { value: one.username }, one.display_name))));
}

function workspace(space) {
  return el("section", { class: "sp", "data-testid": "respondio-workspace", "aria-label": space.name },
    el("div", { class: "row-flex" }, el("span", { class: "grow trunc", dir: "auto" }, space.name), el("span", { class: "tag" }, space.plan)),
    token(space),
    el("ul", { class: "st-list" }, ...space.channels.map((one) => channel(space, one))),
    connect(space));
}

export function renderRespondio() {
  const signature = JSON.stringify([store.spaces, store.snapshot.businesses.map((one) => one.username), document.documentElement.lang]);
  if (signature === shown) return;
  shown = signature;
  byId("respondio").replaceChildren(...(store.spaces.length ? store.spaces.map(workspace) : [el("p", { class: "empty" }, t("noSpaces"))]));
}

export function wireRespondio() {
  byId("new-space").addEventListener("click", () => quietly(post("/sim/respondio/workspaces")));
}
