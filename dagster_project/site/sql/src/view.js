// Elements of the page: a result as a table, and the list of tables. Inserts text only, never markup.
import { isNumber, text } from "./cells.js";

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Returns a table of the first `maxRows` rows of a result.
export function resultTable({ fields, rows, isCut }, maxRows, seconds) {
  const count = `${isCut ? "more than " : ""}${rows.length.toLocaleString("en-GB")}`;
  const noun = rows.length === 1 && !isCut ? "row" : "rows";
  const cut = rows.length > maxRows ? `, the first ${maxRows.toLocaleString("en-GB")} shown` : "";
  const caption = `Result: ${count} ${noun}${cut} (${seconds.toFixed(2)} seconds)`;
  const head = element("tr");
  for (const field of fields) {
    head.append(element("th", { scope: "col", textContent: field.name, className: kind(field) }));
  }
  const body = element("tbody");
  for (const row of rows.slice(0, maxRows)) {
    const line = element("tr");
    row.forEach((value, column) => {
      const shown = text(value, fields[column]);
      line.append(
        element("td", {
          textContent: shown ?? "no value",
          className: shown === null ? "empty" : kind(fields[column]),
        }),
      );
    });
    body.append(line);
  }
  const table = element(
    "table",
    { className: "data" },
    element("caption", {}, element("span", { textContent: caption })),
    element("thead", {}, head),
    body,
  );
  const box = element("div", { className: "scroll", tabIndex: 0 }, table);
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Result");
  return { box, caption };
}

// Returns a disclosure for each table, with its columns and a button that calls `onShow(table)`.
export function tableList(tables, columns, onShow) {
  return tables.map(({ name, meaning, rows }) => {
    const list = element("dl");
    for (const column of columns.filter((one) => one.table === name)) {
      list.append(
        element("dt", {}, element("code", { textContent: column.name }), ` ${column.type}`),
        element("dd", { textContent: column.meaning }),
      );
    }
    const show = element("button", {
      type: "button",
      className: "md-button",
      textContent: `Show rows of ${name}`,
      onclick: () => onShow(name),
    });
    return element(
      "details",
      { className: "sql-table" },
      element("summary", {}, element("code", { textContent: name }), ` ${rows} rows`),
      element("p", { textContent: meaning }),
      element("p", {}, show),
      list,
    );
  });
}

const kind = (field) => (isNumber(field) ? "number" : "");
