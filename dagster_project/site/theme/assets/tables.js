/* Adds tools to longer tables: sorting, search, filters, a copy for a spreadsheet and a CSV file. Filters of a figure's
   table apply to its chart as well. Without this script every table is complete and readable. */
(() => {
  const MIN_ROWS = 6;
  const MIN_ROWS_FOR_SEARCH = 10;

  const text = (cell) => cell.textContent.trim();
  const cells = (row) => [...row.cells].map(text);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // "=8 (joint)", "48%", "1,234" and "12 kB" sort as numbers. Dates have an attribute to sort by.
  const sortKey = (cell) => {
    if (cell.dataset.order) return cell.dataset.order;
    const number = /^=?(-?[\d,]*\.?\d+)(?:%| kB| \(joint\))?$/.exec(text(cell));
    return number ? Number(number[1].replaceAll(",", "")) : text(cell);
  };
  const compare = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    // Numbers sort before other values.
    if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
    return one.localeCompare(other, "en-GB", { numeric: true });
  };

  const makeSortable = (table, body, announce) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const name = text(head);
      const button = make("button", { type: "button", className: "sort" }, name);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].map((row) => [sortKey(row.cells[column]), row]);
        rows.sort(([one], [other]) => (down ? compare(other, one) : compare(one, other)));
        body.append(...rows.map(([, row]) => row));
        announce(`Sorted by ${name}, ${down ? "descending" : "ascending"}`);
      });
    });
    return heads;
  };

  // A cell that a spreadsheet would run as a formula gets an apostrophe, unless it is a negative number.
  const defuse = (value) => (/^[=+\-@\t\r]/.test(value) && !/^-[\d.,]+%?$/.test(value) ? `'${value}` : value);
  const quote = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

  document.querySelectorAll("table.data").forEach((table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < MIN_ROWS) return;

    const caption = text(table.caption);
    const figure = table.closest("figure");
    // The chart of a figure has the rows of its table, in the same order.
    const charted = [...(figure?.querySelectorAll(".plot li") ?? [])];
    const output = make("output");
    const announce = (message) => output.replaceChildren(message);
    const names = [...table.tHead.rows[0].cells].map(text);
    const heads = makeSortable(table, body, announce);
    const tools = make("div", { className: "table-tools" });
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", `Tools for the table: ${caption}`);

    const conditions = [];
    const filter = () => {
      let shown = 0;
      rows.forEach((row, number) => {
        row.hidden = !conditions.every((fits) => fits(row));
        if (charted.length) charted[number].hidden = row.hidden;
        shown += row.hidden ? 0 : 1;
      });
      announce(shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`);
    };

    if (rows.length >= MIN_ROWS_FOR_SEARCH) {
      const input = make("input", { type: "search", autocomplete: "off" });
      conditions.push((row) => text(row).toLowerCase().includes(input.value.trim().toLowerCase()));
      input.addEventListener("input", filter);
      tools.append(make("label", {}, "Show rows with", input));
    }
    heads.forEach((head, column) => {
      if (!("filter" in head.dataset)) return;
      const values = [...new Set(rows.map((row) => text(row.cells[column])))];
      const select = make("select", {}, make("option", { value: "" }, "All"));
      select.append(...values.map((value) => make("option", { value }, value)));
      conditions.push((row) => !select.value || text(row.cells[column]) === select.value);
      select.addEventListener("change", filter);
      tools.append(make("label", {}, names[column], select));
    });

    const visible = () =>
      [names, ...[...body.rows].filter((row) => !row.hidden).map(cells)].map((row) => row.map(defuse));
    const copy = make("button", { type: "button" }, "Copy");
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(visible().map((row) => row.join("\t")).join("\n"));
        announce("Copied. Paste it into a spreadsheet.");
      } catch {
        announce("The browser does not allow copying.");
      }
    });
    const download = make("button", { type: "button" }, "Download CSV");
    download.addEventListener("click", () => {
      const lines = visible().map((row) => row.map(quote).join(",")).join("\r\n");
      const file = new Blob(["\ufeff", lines, "\r\n"], { type: "text/csv;charset=utf-8" });
      const link = make("a", { href: URL.createObjectURL(file) });
      link.download = `${caption.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60)}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    [copy, download].forEach((button) => button.setAttribute("aria-label", `${button.textContent}: ${caption}`));
    tools.append(copy, download, output);
    const isBelow = table.closest("details:not([open])");
    (isBelow || !figure ? table.closest(".scroll") : figure.querySelector(".plot")).before(tools);
  });
})();
