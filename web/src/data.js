// The table: fetched, or loaded as a script where a page opened as a file may not fetch.
import { parquetMetadataAsync, parquetRead, parquetReadObjects, parquetSchema } from "hyparquet";

export const SHOWN = [
  "figure_id", "claim_id", "source_id", "page", "conflict_id", "claimant_id", "claimant", "toll_id", "event_ids", "within", "outcome",
  "qualifier", "low", "best", "high", "share", "population", "parent_id", "group_words", "location", "publisher", "period_start",
  "period_end", "as_of", "language", "names", "current",
];
const ADDED = new Set(["group_words", "language", "within", "names", "page"]);

/** Return the bytes of the table of a collection; without a name, of the curated records. */
export async function loadBytes(collection) {
  const path = `data/explore${collection ? `-${collection}` : ""}`;
  if (location.protocol !== "file:") {
    const answer = await fetch(`${path}.parquet`);
    if (!answer.ok) throw new Error(`${path}.parquet: ${answer.status}`);
    return answer.arrayBuffer();
  }
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${path}.js`;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${path}.js is missing`));
    document.head.append(script);
  });
  const text = atob(globalThis.conflictdataTable);
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0)).buffer;
}

/** Return the rows with the columns that the page shows and filters by. A row looks its values up: 20,000 objects of 27 values cost more. */
export async function readRows(bytes) {
  const columns = Object.fromEntries(SHOWN.map((name) => [name, []]));
  const add = ({ columnName, columnData }) => {
    columns[columnName] = columns[columnName].length ? [...columns[columnName], ...columnData] : columnData;
  };
  await parquetRead({ file: bytes, columns: SHOWN, onChunk: add });
  class Row {
    constructor(number) {
      this.number = number;
    }
  }
  for (const name of SHOWN) {
    const values = columns[name];
    Object.defineProperty(Row.prototype, name, { get() { return values[this.number]; } });
  }
  return Array.from({ length: columns.figure_id.length }, (_, number) => new Row(number));
}

/** Return all columns of `casualties`, with their names in order. */
export async function readWhole(bytes) {
  const metadata = await parquetMetadataAsync(bytes);
  const columns = parquetSchema(metadata).children.map((child) => child.element.name).filter((name) => !ADDED.has(name));
  return { columns, rows: await parquetReadObjects({ file: bytes, columns }) };
}
