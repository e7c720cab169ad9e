// The button of the page "SQL in the browser". It loads everything else.
import { readQuery } from "./link.js";

const base = new URL("assets/sql/", document.baseURI);
const button = document.getElementById("sql-start");
const status = document.getElementById("sql-status");
const error = document.getElementById("sql-error");
const total = Number(button.dataset.bytes.replaceAll(",", ""));

button.addEventListener("click", async () => {
  button.disabled = true;
  error.textContent = "";
  try {
    if (!("DecompressionStream" in window)) throw new Error("This browser is too old to load the engine.");
    const { begin } = await import("./workbench.js");
    await begin(base, (loaded) => {
      status.textContent = `Loading: ${Math.min(100, Math.round((100 * loaded) / total))} %`;
    });
    document.getElementById("sql-offer").hidden = true;
  } catch (cause) {
    button.disabled = false;
    status.textContent = "";
    error.textContent = `SQL could not be loaded. ${cause.message}`;
  }
});

document.getElementById("sql-offer").hidden = false;
if (readQuery() !== null) status.textContent = "This link contains a query. It runs when SQL is loaded.";
