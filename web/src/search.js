// Full-text search: one document per distinct text, so that 20,000 rows make a small index.
import MiniSearch from "minisearch";

const fold = (term) => term.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** Return a function from a query to a Set of row numbers. */
export function buildSearch(rows) {
  const numbers = new Map();
  rows.forEach((row, i) => {
    const text = [row.claimant, row.publisher, row.location, row.group_words, row.names, row.claim_id].filter(Boolean).join(" ");
    if (numbers.has(text)) numbers.get(text).push(i);
    else numbers.set(text, [i]);
  });
  const texts = [...numbers.keys()];
  const index = new MiniSearch({ fields: ["text"], processTerm: (term) => fold(term) || null });
  index.addAll(texts.map((text, id) => ({ id, text })));
  return (query) => {
    const found = new Set();
    for (const { id } of index.search(query, { combineWith: "AND", prefix: true })) for (const i of numbers.get(texts[id])) found.add(i);
    return found;
  };
}

/** Return the rows that fit the filters. */
export function filterRows(rows, state, search) {
  const hits = state.q ? search(state.q) : null;
  const from = state.from ? Date.parse(state.from) : -Infinity;
  const to = state.to ? Date.parse(state.to) : Infinity;
  const holds = (list, id) => !id || ` ${(list ?? "").replaceAll("|", " ")} `.includes(` ${id} `);
  return rows.filter((row, i) => {
    if (hits && !hits.has(i)) return false;
    if (state.totals !== "all" && row.parent_id != null) return false;
    for (const [name, column] of [["conflict", "conflict_id"], ["claimant", "claimant_id"], ["outcome", "outcome"], ["population", "population"], ["language", "language"]]) {
      if (state[name] && row[column] !== state[name]) return false;
    }
    if (state.toll && !row.tolls.includes(state.toll)) return false;
    if (!holds(row.within, state.place) || !holds(row.event_ids, state.event)) return false;
    if (from === -Infinity && to === Infinity) return true;
    const day = row.as_of ? row.as_of.getTime() : NaN;
    return day >= from && day <= to;
  });
}
