// Formats the values of a result as text for readers and for CSV files.
import { DataType } from "apache-arrow";

const FORMULA = /^[=+\-@\t\r]/;

export const isNumber = (field) =>
  DataType.isInt(field.type) || DataType.isFloat(field.type) || DataType.isDecimal(field.type);

// Returns the text of one value, or null.
export function text(value, field) {
  if (value === null || value === undefined) return null;
  if (DataType.isDate(field.type)) return new Date(Number(value)).toISOString().slice(0, 10);
  if (DataType.isTimestamp(field.type)) return new Date(Number(value)).toISOString().replace("T", " ").slice(0, 19);
  if (DataType.isTime(field.type)) return new Date(Number(value) / 1000).toISOString().slice(11, 19);
  if (DataType.isInterval(field.type)) return "an interval: cast it to text";
  if (DataType.isBinary(field.type)) return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (DataType.isList(field.type)) {
    return [...value].map((item) => text(item, field.type.children[0]) ?? "").join(" | ");
  }
  if (DataType.isStruct(field.type) || DataType.isMap(field.type)) return JSON.stringify(value, plain);
  return String(value);
}

// Returns the result as CSV. Text that a spreadsheet would run as a formula gets an apostrophe, as in the open data.
export function csv({ fields, rows }) {
  const lines = [fields.map((field) => quoted(field.name))];
  for (const row of rows) {
    lines.push(
      row.map((value, column) => {
        const shown = text(value, fields[column]);
        if (shown === null) return "";
        return quoted(!isNumber(fields[column]) && FORMULA.test(shown) ? `'${shown}` : shown);
      }),
    );
  }
  return lines.map((line) => `${line.join(",")}\n`).join("");
}

const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const plain = (_, value) => (typeof value === "bigint" ? String(value) : value);
