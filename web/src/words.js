// Numbers and days in words, as the other pages print them.
const PREFIXES = { at_least: "at least", more_than: "more than", about: "about", nearly: "nearly", up_to: "up to" };
const MARKS = { exact: "exact", at_least: "up", more_than: "up", about: "about", nearly: "down", up_to: "down", range: "range" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const formatNumber = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** Return the words before a number, the number, and the name of its mark. */
export function describeQuantity(row) {
  const { qualifier, low, best, high } = row;
  if (qualifier === "range" && low != null && high != null) {
    return { prefix: "from", number: `${formatNumber(low)} to ${formatNumber(high)}`, mark: "range" };
  }
  const size = low ?? best ?? high;
  if (size != null) return { prefix: PREFIXES[qualifier] ?? "", number: formatNumber(size), mark: MARKS[qualifier] ?? "words" };
  if (row.share != null) return { prefix: PREFIXES[qualifier] ?? "", number: `${Number(row.share.toPrecision(6))} %`, mark: "words" };
  return { prefix: qualifier === "unstated" ? "number not stated" : qualifier, number: "", mark: "words" };
}

/** Return a day as `2024-12-05`; empty without one. */
export const writeDay = (day) => (day == null ? "" : day.toISOString().slice(0, 10));

const shortDay = (day) => `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;

/** Return two days as `27 Nov to 8 Dec 2024`. */
export function formatSpan(first, last) {
  if (!first || !last || writeDay(first) === writeDay(last)) {
    const day = first ?? last;
    return day ? `${shortDay(day)} ${day.getUTCFullYear()}` : "";
  }
  const end = `${shortDay(last)} ${last.getUTCFullYear()}`;
  if (first.getUTCFullYear() !== last.getUTCFullYear()) return `${shortDay(first)} ${first.getUTCFullYear()} to ${end}`;
  return first.getUTCMonth() === last.getUTCMonth() ? `${first.getUTCDate()} to ${end}` : `${shortDay(first)} to ${end}`;
}
