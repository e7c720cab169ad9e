// A link carries its query as base64url: nothing in it means anything to an address or a selector.

export function encoded(sql) {
  const bytes = String.fromCharCode(...new TextEncoder().encode(sql));
  return `#q=${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

// The query that the page's address carries; null when it carries none that can be read.
export function carried() {
  const match = /^#q=([\w-]+)$/.exec(location.hash);
  if (!match) return null;
  try {
    const bytes = atob(match[1].replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}
