// What the page "SQL in the browser" can do once it is loaded.
import { csv } from "./cells.js";
import { open, run } from "./engine.js";
import { carried, encoded } from "./link.js";
import { element, resultTable, tableList } from "./view.js";

const SHOWN = 1_000;
const KEPT = 100_000;
const TABLES = `select table_name, coalesce(comment, ''), estimated_size from duckdb_tables()
where database_name = 'self_evaluation' order by table_name`;
const COLUMNS = `select table_name, column_name, lower(data_type), coalesce(comment, '') from duckdb_columns()
where database_name = 'self_evaluation' order by table_name, column_index`;

// Here an installation would quietly do nothing.
const INSTALLS = /^\s*(force\s+)?install\b/i;

const part = (name) => document.getElementById(`sql-${name}`);
const query = part("query");
let connection;
let result;
let isRunning = false;

function say(message) {
  part("status").textContent = message;
}

function fail(message) {
  part("error").replaceChildren(...(message ? [element("pre", { textContent: message })] : []));
}

// Loads the engine from `base` and opens the workbench. Throws what went wrong.
export async function begin(base, onProgress) {
  const began = performance.now();
  connection = await open(base, onProgress);
  await describe();
  await listExamples(base);
  listen();
  part("work").hidden = part("choose").hidden = false;
  say(`Ready after ${((performance.now() - began) / 1000).toFixed(1)} seconds.`);
  query.focus();
  const sql = carried();
  if (sql !== null) await put(sql);
}

async function ask() {
  if (isRunning) return;
  const sql = query.value.trim();
  if (!sql) return fail("Write a query first, or choose an example.");
  if (INSTALLS.test(sql)) return fail("Nothing can be installed here: extensions are shut off.");
  isRunning = true;
  part("stop").disabled = false;
  part("csv").disabled = true;
  fail("");
  say("Running ...");
  const began = performance.now();
  try {
    result = await run(connection, sql, KEPT);
    const { box, caption } = resultTable(result, SHOWN, (performance.now() - began) / 1000);
    part("result").replaceChildren(...(result.fields.length ? [box] : []));
    part("csv").disabled = !result.fields.length;
    say(caption);
    history.replaceState(null, "", encoded(sql));
  } catch (error) {
    result = undefined;
    part("result").replaceChildren();
    say("");
    fail(error.message);
  }
  isRunning = false;
  part("stop").disabled = true;
}

function put(sql) {
  query.value = sql;
  query.scrollIntoView({ block: "center" });
  query.rows = Math.min(20, Math.max(6, sql.split("\n").length + 1));
  return ask();
}

async function describe() {
  const tables = (await run(connection, TABLES, KEPT)).rows.map(([name, meaning, rows]) => ({ name, meaning, rows }));
  const columns = (await run(connection, COLUMNS, KEPT)).rows.map(([table, name, type, meaning]) => ({
    table,
    name,
    type,
    meaning,
  }));
  part("tables").replaceChildren(...tableList(tables, columns, (name) => put(`select *\nfrom ${name}\nlimit 100`)));
}

async function listExamples(base) {
  const response = await fetch(new URL("examples.json", base));
  const examples = await response.json();
  part("examples").replaceChildren(
    ...examples.map(({ title, sql }) =>
      element(
        "li",
        {},
        element("button", { type: "button", className: "sql-example", textContent: title, onclick: () => put(sql) }),
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
  history.replaceState(null, "", encoded(query.value));
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link to this query is copied.");
  } catch {
    say("The link to this query now stands in the address bar.");
  }
}

function listen() {
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      ask();
    }
  });
  part("stop").addEventListener("click", () => connection.cancelSent());
  part("csv").addEventListener("click", save);
  part("link").addEventListener("click", copyLink);
  window.addEventListener("hashchange", () => {
    const sql = carried();
    if (sql !== null) put(sql);
  });
}
