/** The nodes right below a node of the syntax tree, in the order written. */
export function childrenOf(node: object): readonly object[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === "span" || key === "source" || typeof value !== "object" || value === null) return [];
    return Array.isArray(value) ? (value.flat(Number.POSITIVE_INFINITY) as object[]) : [value as object];
  });
}
