// The filter page. Its state is the address: reload, back and a link restore it.
import { writeCsv } from "./csv.js";
import { loadBytes, readRows, readWhole } from "./data.js";
import { buildSearch, filterRows } from "./search.js";
import { NAMES, readState, writeState } from "./state.js";
import { make, makeRow, makeSlug } from "./view.js";
import { formatNumber } from "./words.js";

const STEP = 100;
const get = (id) => document.getElementById(id);
let form = null; // when the page has been read
let state = readState(location.search);
// The script runs before the page has been read: the curated records are on their way meanwhile.
let ahead = state.collection ? null : loadBytes("").then((read) => ({ read }), (fault) => ({ fault }));
let bytes = null;
let rows = [];
let selected = [];
let shown = STEP;
let search = null;
let pictured = "";
let loaded = null;

const count = (number, noun) => `${formatNumber(number)} ${noun}${number === 1 ? "" : "s"}`;

function findHits(query) {
  search ??= buildSearch(rows);
  return search(query);
}

/** Put the filters into the form. A value that no choice has becomes a choice, so that nothing filters unseen. */
function fillForm() {
  for (const name of NAMES) {
    const field = get(name);
    if (!field) continue;
    const value = state[name] ?? "";
    if (field.type === "checkbox") field.checked = value === "all";
    else {
      if (field.tagName === "SELECT" && value && ![...field.options].some((option) => option.value === value)) {
        field.append(make("option", { value }, value));
      }
      field.value = value;
    }
  }
}

function readForm() {
  const next = state.event ? { event: state.event } : {};
  for (const name of NAMES) {
    const field = get(name);
    if (!field) continue;
    const value = field.type === "checkbox" ? (field.checked ? "all" : "") : field.value.trim();
    if (value) next[name] = value;
  }
  return readState(writeState(next));
}

function describeSelection() {
  const claims = new Set(selected.map((row) => row.claim_id)).size;
  const pages = new Set(selected.map((row) => row.source_id)).size;
  return ` in ${count(claims, "claim")} on ${count(pages, "page")}.`;
}

function showStatus() {
  const status = get("status");
  if (!selected.length) status.replaceChildren("No claim fits these filters.");
  else status.replaceChildren(make("b", {}, count(selected.length, "number")), describeSelection());
  if (state.collection) status.append(" Of the collection ", make("a", { href: `collections/${makeSlug(state.collection)}.html` }, state.collection), ".");
  if (state.event) status.append(" Of one event: ", make("code", {}, state.event), ".");
  if (writeState(state)) status.append(" ", make("a", { href: "explore.html" }, "Clear all"));
  get("csv").hidden = get("cite").hidden = !selected.length;
  get("csv").textContent = `Download ${selected.length === 1 ? "this row" : `these ${formatNumber(selected.length)}`} (CSV)`;
}

/** Say why no chart is drawn; for one toll, lead to its page and show its picture if there is one. */
async function showAdvice() {
  const advice = get("advice");
  const figure = get("picture");
  advice.hidden = !selected.length;
  if (!state.toll) {
    advice.replaceChildren(state.collection ? "Parsed records of another maker. No sum is given: the page of the collection has first, last and monthly numbers." : "These rows belong to several tolls and events, so no chart is drawn and no sum is given. Choose one toll to see it over time.");
    figure.hidden = true;
    return;
  }
  if (state.collection) {
    advice.replaceChildren(make("a", { href: `collections/${makeSlug(state.collection)}.html` }, "The page of the collection"), " has the numbers of this toll by month.");
    figure.hidden = true;
    return;
  }
  const slug = makeSlug(state.toll);
  advice.replaceChildren(make("a", { href: `tolls/${slug}.html` }, "The page of this toll"), " has all of its numbers by day.");
  if (pictured === slug) {
    figure.hidden = !figure.firstChild;
    return;
  }
  pictured = slug;
  figure.replaceChildren();
  figure.hidden = true;
  if (!form.dataset.pictures?.split(" ").includes(slug) || location.protocol === "file:") return;
  const answer = await fetch(`tolls/${slug}.svg`);
  if (!answer.ok || pictured !== slug) return;
  const drawing = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (drawing.nodeName !== "svg") return;
  figure.replaceChildren(document.importNode(drawing, true));
  figure.hidden = false;
}

function showRows() {
  const body = get("rows").tBodies[0];
  body.replaceChildren(...selected.slice(0, shown).map((row) => makeRow(row, state.collection)));
  const rest = selected.length - shown;
  get("more").hidden = rest <= 0;
  get("more").textContent = `Show ${formatNumber(Math.min(STEP, rest))} more of ${formatNumber(rest)}`;
}

async function update() {
  if (loaded !== (state.collection ?? "") && !(await load())) return;
  selected = filterRows(rows, state, findHits);
  shown = STEP;
  showStatus();
  showRows();
  showCitation();
  await showAdvice().catch(() => {});
}

function showCitation() {
  const { version, dataset, publisher, year, licence } = form.dataset;
  const link = location.href.split("#")[0];
  get("link").value = link;
  const filters = writeState(state).slice(1);
  const claims = new Set(selected.map((row) => row.claim_id)).size;
  get("citetext").textContent = `${publisher} (${year}). ${dataset}, version ${version}. Selection of ${count(selected.length, "number")} in ${count(claims, "claim")}${filters ? ` by ${decodeURIComponent(filters.replaceAll("+", " ")).replaceAll("&", ", ")}` : ""}. ${licence}. ${link}`;
}

function change(next, replace) {
  state = next;
  const address = `${location.pathname}${writeState(state)}`;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  update();
}

async function download() {
  const chosen = new Set(selected.map((row) => row.figure_id));
  const { columns, rows: whole } = await readWhole(bytes);
  const text = writeCsv(columns, whole.filter((row) => chosen.has(row.figure_id)));
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" })), download: `conflictdata-${form.dataset.version}${state.collection ? `-${state.collection}` : ""}-selection.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function showProblem(text) {
  const box = get("problem");
  box.replaceChildren(make("b", {}, "The data cannot be read"), text);
  box.hidden = false;
  get("status").textContent = "";
  get("csv").hidden = get("cite").hidden = true;
}

/** Return the bytes of a table; those that are on their way are taken once. */
async function takeBytes(name) {
  if (name || !ahead) return loadBytes(name);
  const { read, fault } = await ahead;
  ahead = null;
  if (fault) throw fault;
  return read;
}

/** Load the table of the collection, or of the curated records. Return whether it could be read. */
async function load() {
  const name = state.collection ?? "";
  get("problem").hidden = true;
  try {
    if (name && !form.dataset.collections?.split(" ").includes(name)) throw new Error(`there is no collection ${name}`);
    bytes = await takeBytes(name);
    const read = await readRows(bytes);
    if (name !== (state.collection ?? "")) return false;
    rows = read;
  } catch (fault) {
    loaded = null;
    showProblem(` (${fault.message}). ${name ? "" : "The table below shows the latest claims; "}the page Download has all of them.`);
    if (name) {
      get("rows").tBodies[0].replaceChildren();
      get("problem").append(" ", make("a", { href: "explore.html" }, "Show the curated records"));
    }
    return false;
  }
  loaded = name;
  search = null;
  addTolls();
  addChoices();
  fillForm();
  return true;
}

/** Make the values of the rows choices of the filters that lack them, so that a collection can be filtered too. */
function addChoices() {
  for (const [name, column, text] of [["conflict", "conflict_id"], ["claimant", "claimant_id", "claimant"], ["outcome", "outcome"], ["population", "population"], ["toll", "toll_id"], ["language", "language"]]) {
    const field = get(name);
    if (!loaded) continue;
    const known = new Set([...field.options].map((option) => option.value));
    for (const row of rows) {
      const value = row[column];
      if (!value || known.has(value)) continue;
      known.add(value);
      field.append(make("option", { value }, row[text ?? column] ?? value));
    }
  }
}

function listen() {
  let timer = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => change(readForm(), event.target.type === "search"), event.target.type === "search" ? 150 : 0);
  });
  addEventListener("popstate", () => {
    state = readState(location.search);
    fillForm();
    update();
  });
  get("csv").addEventListener("click", () => download().catch(() => showProblem("The whole table could not be read. Download it from the page Download instead.")));
  get("cite").addEventListener("click", () => {
    const box = get("citation");
    box.hidden = !box.hidden;
    get("cite").setAttribute("aria-expanded", String(!box.hidden));
  });
  get("more").addEventListener("click", () => {
    shown += STEP;
    showRows();
  });
}

/** A part belongs to the tolls of its claim's totals. */
function addTolls() {
  const tolls = new Map();
  for (const row of rows) if (row.toll_id) (tolls.get(row.claim_id) ?? tolls.set(row.claim_id, []).get(row.claim_id)).push(row.toll_id);
  const none = [];
  for (const row of rows) row.tolls = row.parent_id == null ? (row.toll_id ? [row.toll_id] : none) : (tolls.get(row.claim_id) ?? none);
}

async function start() {
  if (document.readyState === "loading") await new Promise((ready) => addEventListener("DOMContentLoaded", ready));
  form = get("filters");
  get("noscript").hidden = true;
  form.hidden = get("tools").hidden = false;
  fillForm();
  listen();
  await update();
  (globalThis.requestIdleCallback ?? setTimeout)(() => (search ??= buildSearch(rows)));
}

start();
