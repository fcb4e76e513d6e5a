/** Whether two trees, or parts of them, say the same wherever they stand. */
export function sameTree(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const places = new Set(["span", "operatorSpan", "source"]);
  const keys = new Set([...Object.keys(a), ...Object.keys(b)].filter((key) => !places.has(key)));
  return [...keys].every((key) =>
    sameTree((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
