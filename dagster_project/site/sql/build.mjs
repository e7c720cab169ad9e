// Builds dist/: the page's small script, the workbench with its library, and the compressed engine. Not every host
// compresses files, so the engine is compressed here. No file is called .gz, because some hosts would serve it with a
// content encoding.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const engine = "node_modules/@duckdb/duckdb-wasm/dist/";
const made = {};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
await build({
  entryPoints: ["src/page.js", "src/workbench.js"],
  external: ["./workbench.js"],
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  outdir: "dist",
});
writeFileSync("dist/page.css", readFileSync("src/page.css"));
for (const [source, target] of [
  ["duckdb-eh.wasm", "engine.bin"],
  ["duckdb-browser-eh.worker.js", "worker.bin"],
]) {
  const compressed = gzipSync(readFileSync(engine + source), { level: 9 });
  writeFileSync(`dist/${target}`, compressed);
  made[target] = createHash("sha256").update(compressed).digest("hex");
}
// Written last: if this file exists, all others do.
writeFileSync("dist/built.json", `${JSON.stringify(made, null, 2)}\n`);
