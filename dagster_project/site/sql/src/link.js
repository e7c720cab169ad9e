// Stores a query in a link as base64url, which has no special characters of addresses or selectors.

export function encodeQuery(sql) {
  const bytes = String.fromCharCode(...new TextEncoder().encode(sql));
  return `#q=${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

// Returns the query in the page's address, or null if there is no valid one.
export function readQuery() {
  const match = /^#q=([\w-]+)$/.exec(location.hash);
  if (!match) return null;
  try {
    const bytes = atob(match[1].replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}
