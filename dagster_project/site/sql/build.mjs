// Makes dist/: the page's small script, what it loads on demand with its library in one file, and the engine
// compressed once and for all, because not every host compresses what it serves. Nothing is called .gz: some
// hosts would have the browser unpack it on the way.
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
// Written last: who finds it finds everything else.
writeFileSync("dist/built.json", `${JSON.stringify(made, null, 2)}\n`);
