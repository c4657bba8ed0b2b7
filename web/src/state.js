// The filters of the page, kept in its address.
export const NAMES = ["q", "conflict", "claimant", "place", "outcome", "population", "from", "to", "toll", "language", "event", "totals", "collection"];
const LONGEST = 200;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Read the filters from an address. Unknown names are ignored, values are cut. */
export function readState(search) {
  const parameters = new URLSearchParams(search);
  const state = {};
  for (const name of NAMES) {
    const value = (parameters.get(name) ?? "").slice(0, LONGEST).trim();
    if (!value) continue;
    if ((name === "from" || name === "to") && (!DAY.test(value) || Number.isNaN(Date.parse(value)))) continue;
    if (name === "totals" && value !== "all") continue;
    if (name === "collection" && !/^[a-z0-9_]+$/.test(value)) continue;
    state[name] = value;
  }
  return state;
}

/** Write the filters as the end of an address; empty without filters. */
export function writeState(state) {
  const parameters = new URLSearchParams();
  for (const name of NAMES) if (state[name]) parameters.set(name, state[name]);
  const text = parameters.toString();
  return text ? `?${text}` : "";
}
