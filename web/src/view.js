// The table and the words around it. Text is only ever set as text.
import { describeQuantity, formatSpan } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/** Return an element with attributes and children; a text becomes a text node. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function drawMark(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "q-i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#q-${name}`);
  svg.append(use);
  return svg;
}

const SAFE = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/;

/** Return an id as part of a path, as the builder does. */
export function makeSlug(id) {
  if (SAFE.test(id) && id !== "index" && !id.endsWith(".")) return id;
  const quoted = encodeURIComponent(id).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `~${quoted.replaceAll("~", "%7E").replaceAll("%", "~").replaceAll(".", "~2E").slice(0, 180)}`;
}

const linkTo = (path, text) => make("a", { href: path }, make("bdi", {}, text ?? ""));

/** Return a figure as a row of the table. The records of a collection have no pages of their own: its page is theirs. */
export function makeRow(row, collection) {
  const link = (path, text) => linkTo(collection ? `collections/${makeSlug(collection)}.html` : path, text);
  const { prefix, number, mark } = describeQuantity(row);
  const says = make("td", { class: "n" }, prefix ? `${prefix} ` : "");
  if (number) says.append(make("b", {}, number), " ");
  says.append(drawMark(mark));
  const where = make("td", { class: "low" }, make("bdi", {}, row.group_words));
  if (row.location) where.append(", ", make("bdi", {}, row.location));
  if (row.current === "no") where.append(" ", make("small", {}, "(corrected)"));
  return make(
    "tr", {},
    make("th", { scope: "row" }, link(`claimants/${makeSlug(row.claimant_id)}.html`, row.claimant)),
    make("td", { class: "day low" }, formatSpan(row.period_start, row.period_end ?? row.as_of)),
    says,
    where,
    make("td", { class: "low" }, link(`sources/${makeSlug(row.source_id)}.html#${encodeURIComponent(row.figure_id)}`, row.publisher)),
  );
}
