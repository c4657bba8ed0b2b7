// Build the one script of the site: conflictdata/site/static/explore.js, with the licences of what it holds.
// `node build.mjs FOLDER` writes into another folder, so that a test can compare the bytes.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const here = import.meta.dirname;
const out = process.argv[2] ?? join(here, "../conflictdata/site/static");

await build({
  absWorkingDir: here,
  entryPoints: ["src/explore.js"],
  outfile: join(out, "explore.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15.4"],
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* conflictdata explore; licences of hyparquet and MiniSearch: explore-licences.txt */" },
});

const parts = [];
for (const name of ["hyparquet", "minisearch"]) {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = name === "minisearch" ? "LICENSE.txt" : "LICENSE";
  parts.push(`${name} ${version}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
}
await writeFile(join(out, "explore-licences.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
