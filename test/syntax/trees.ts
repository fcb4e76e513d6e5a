/** A syntax tree as a short expression, for tests. */
export function sketch(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sketch);
  if (typeof node !== "object" || node === null) return node;
  const record = node as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (key === "span" || key === "operatorSpan" || key === "source" || value === undefined) continue;
    out[key] = sketch(value);
  }
  const keys = Object.keys(out);
  if (keys.length === 1 && keys[0] === "text") return out.text;
  return out;
}
