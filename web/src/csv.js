// The selection as CSV: the columns of `casualties`, days as 2024-12-05, empty cells empty.
import { writeDay } from "./words.js";

function writeCell(value) {
  if (value == null) return "";
  const text = value instanceof Date ? writeDay(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Return rows as CSV. */
export function writeCsv(columns, rows) {
  const lines = [columns.join(",")];
  for (const row of rows) lines.push(columns.map((name) => writeCell(row[name])).join(","));
  return `${lines.join("\n")}\n`;
}
