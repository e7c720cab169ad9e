// The functions of the page "SQL in the browser" after it has loaded.
import { csv } from "./cells.js";
import { open, run } from "./engine.js";
import { readQuery, encodeQuery } from "./link.js";
import { element, resultTable, tableList } from "./view.js";

const MAX_SHOWN_ROWS = 1_000;
const MAX_ROWS = 100_000;
const TABLES = `select table_name, coalesce(comment, ''), estimated_size from duckdb_tables()
where database_name = 'self_evaluation' order by table_name`;
const COLUMNS = `select table_name, column_name, lower(data_type), coalesce(comment, '') from duckdb_columns()
where database_name = 'self_evaluation' order by table_name, column_index`;

// DuckDB would ignore an installation here without an error.
const INSTALLS = /^\s*(force\s+)?install\b/i;

const part = (name) => document.getElementById(`sql-${name}`);
const query = part("query");
let connection;
let result;
let isRunning = false;

function announce(message) {
  part("status").textContent = message;
}

function showError(message) {
  part("error").replaceChildren(...(message ? [element("pre", { textContent: message })] : []));
}

// Loads the engine from `base` and opens the workbench. Throws if loading fails.
export async function begin(base, onProgress) {
  const began = performance.now();
  connection = await open(base, onProgress);
  await describe();
  await listExamples(base);
  listen();
  part("work").hidden = part("choose").hidden = false;
  announce(`Ready after ${((performance.now() - began) / 1000).toFixed(1)} seconds.`);
  query.focus();
  const sql = readQuery();
  if (sql !== null) await show(sql);
}

async function runQuery() {
  if (isRunning) return;
  const sql = query.value.trim();
  if (!sql) return showError("Write a query first, or choose an example.");
  if (INSTALLS.test(sql)) return showError("Extensions cannot be installed here.");
  isRunning = true;
  part("stop").disabled = false;
  part("csv").disabled = true;
  showError("");
  announce("Running ...");
  const began = performance.now();
  try {
    result = await run(connection, sql, MAX_ROWS);
    const { box, caption } = resultTable(result, MAX_SHOWN_ROWS, (performance.now() - began) / 1000);
    part("result").replaceChildren(...(result.fields.length ? [box] : []));
    part("csv").disabled = !result.fields.length;
    announce(caption);
    history.replaceState(null, "", encodeQuery(sql));
  } catch (error) {
    result = undefined;
    part("result").replaceChildren();
    announce("");
    showError(error.message);
  }
  isRunning = false;
  part("stop").disabled = true;
}

function show(sql) {
  query.value = sql;
  query.scrollIntoView({ block: "center" });
  query.rows = Math.min(20, Math.max(6, sql.split("\n").length + 1));
  return runQuery();
}

async function describe() {
  const tables = (await run(connection, TABLES, MAX_ROWS)).rows.map(([name, meaning, rows]) => ({ name, meaning, rows }));
  const columns = (await run(connection, COLUMNS, MAX_ROWS)).rows.map(([table, name, type, meaning]) => ({
    table,
    name,
    type,
    meaning,
  }));
  part("tables").replaceChildren(...tableList(tables, columns, (name) => show(`select *\nfrom ${name}\nlimit 100`)));
}

async function listExamples(base) {
  const response = await fetch(new URL("examples.json", base));
  const examples = await response.json();
  part("examples").replaceChildren(
    ...examples.map(({ title, sql }) =>
      element(
        "li",
        {},
        element("button", { type: "button", className: "sql-example", textContent: title, onclick: () => show(sql) }),
      ),
    ),
  );
}

function save() {
  const address = URL.createObjectURL(new Blob([csv(result)], { type: "text/csv" }));
  element("a", { href: address, download: "result.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

async function copyLink() {
  history.replaceState(null, "", encodeQuery(query.value));
  try {
    await navigator.clipboard.writeText(location.href);
    announce("Copied the link to this query.");
  } catch {
    announce("The address bar has the link to this query.");
  }
}

function listen() {
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    runQuery();
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      runQuery();
    }
  });
  part("stop").addEventListener("click", () => connection.cancelSent());
  part("csv").addEventListener("click", save);
  part("link").addEventListener("click", copyLink);
  window.addEventListener("hashchange", () => {
    const sql = readQuery();
    if (sql !== null) show(sql);
  });
}
