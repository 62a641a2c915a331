// What the console knows, and which customer and business are on the phone.
import { get } from "./api.js";

export const store = {
  snapshot: { businesses: [], customers: [], conversations: [] },
  view: null,
  /** Workspaces of Respond.io. */
  spaces: [],
  hooks: { items: [], counts: { delivered: 0, pending: 0, given_up: 0, retried: 0 } },
  faults: [],
  chosen: { customer: null, business: null },
  hook: null,
  clock: { now: Date.now(), speed: 1, manual: false, at: performance.now() },
  /** The simulator's time between two answers. */
  now: () => store.clock.now + (store.clock.manual ? 0 : (performance.now() - store.clock.at) * store.clock.speed),
};

/** The two people on the phone. */
export const pair = () => ({ customer: store.chosen.customer, business: store.chosen.business });

export function conversationOf(customer) {
  return store.snapshot.conversations.filter((one) => one.customer === customer).sort((a, b) => b.updated_at - a.updated_at)[0];
}

function settle() {
  const { customers, businesses, conversations } = store.snapshot;
  const { chosen } = store;
  if (!customers.some((one) => one.username === chosen.customer)) {
    chosen.customer = [...conversations].sort((a, b) => b.updated_at - a.updated_at)[0]?.customer ?? customers[0]?.username ?? null;
    chosen.business = conversationOf(chosen.customer)?.business ?? chosen.business;
  }
  if (!businesses.some((one) => one.username === chosen.business)) chosen.business = businesses[0]?.username ?? null;
}

export async function loadPeople() {
  const snapshot = await get("/sim/state");
  store.snapshot = snapshot;
  store.clock = { ...store.clock, now: snapshot.now, speed: snapshot.speed, at: performance.now() };
  settle();
  const { customer, business } = store.chosen;
  const known = snapshot.conversations.find((one) => one.customer === customer && one.business === business);
  store.view = known ? await get(`/sim/conversations/${encodeURIComponent(known.id)}`) : null;
}

export async function loadClock() {
  const clock = await get("/sim/clock");
  store.clock = { ...clock, at: performance.now() };
}

export async function loadSpaces() { store.spaces = (await get("/sim/respondio/workspaces")).items; }
export async function loadHooks() { store.hooks = await get("/sim/webhooks?limit=100"); }
export async function loadFaults() { store.faults = (await get("/sim/faults")).items; }
