// Runs DuckDB in a worker of this page, on the public database only, without access to files, hosts and settings.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";

const FILES = ["engine.bin", "worker.bin", "database.bin"];
const DATABASE = "self_evaluation_public.duckdb";

// If one of these settings fails, loading fails: nothing runs unless everything is locked.
const LOCK = [
  "set autoinstall_known_extensions = false",
  "set autoload_known_extensions = false",
  `attach '${DATABASE}' as self_evaluation (read_only)`,
  "use self_evaluation",
  "set enable_external_access = false",
  "set lock_configuration = true",
];

// Loads the engine from `base`. Calls `onProgress` with the number of compressed bytes received.
export async function open(base, onProgress) {
  let loaded = 0;
  const onBytes = (bytes) => onProgress((loaded += bytes));
  const [wasm, worker, database] = await Promise.all(
    FILES.map((file) => inflate(new URL(file, base), onBytes)),
  );
  // A worker from a blob inherits this page's content security policy; a worker from an address would have none.
  const workerUrl = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
  const wasmUrl = URL.createObjectURL(new Blob([wasm], { type: "application/wasm" }));
  const duckdb = new AsyncDuckDB(new VoidLogger(), new Worker(workerUrl));
  await duckdb.instantiate(wasmUrl);
  URL.revokeObjectURL(workerUrl);
  URL.revokeObjectURL(wasmUrl);
  await duckdb.open({
    path: ":memory:",
    query: { castDecimalToDouble: true, queryPollingInterval: 50 },
  });
  await duckdb.registerFileBuffer(DATABASE, new Uint8Array(await database.arrayBuffer()));
  const connection = await duckdb.connect();
  for (const statement of LOCK) await connection.query(statement);
  return connection;
}

// Runs `sql` and returns at most `maxRows` rows: { fields, rows, isCut }.
export async function run(connection, sql, maxRows) {
  const reader = await (await connection.send(sql, true)).open();
  const { fields } = reader.schema; // not available after the last batch
  const rows = [];
  let isCut = false;
  for await (const batch of reader) {
    for (let i = 0; i < batch.numRows && rows.length < maxRows; i++) {
      rows.push(fields.map((_, column) => batch.getChildAt(column).get(i)));
    }
    if (rows.length === maxRows) {
      isCut = true;
      await connection.cancelSent();
      break;
    }
  }
  return { fields, rows, isCut };
}

async function inflate(url, onBytes) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} could not be loaded (${response.status})`);
  const counted = new TransformStream({
    transform(chunk, controller) {
      onBytes(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  const stream = response.body.pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).blob();
}
