/** The nodes right below a node of the syntax tree, in the order written. */
export function childrenOf(node: object): readonly object[] {
  const children: object[] = [];
  const fields = node as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    if (key === "span" || key === "source") continue;
    const value = fields[key];
    if (typeof value === "object" && value !== null) collect(value, children);
  }
  return children;
}

/** The first thing that `find` gives for a node right below a node, in the order written. */
export function firstBelow<T>(node: object, find: (child: object) => T | undefined): T | undefined {
  const fields = node as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    if (key === "span" || key === "source") continue;
    const value = fields[key];
    const found = typeof value === "object" && value !== null ? firstOf(value, find) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstOf<T>(value: object, find: (child: object) => T | undefined): T | undefined {
  if (!Array.isArray(value)) return find(value);
  for (const item of value) {
    const found = typeof item === "object" && item !== null ? firstOf(item, find) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function collect(value: object, children: object[]): void {
  if (!Array.isArray(value)) children.push(value);
  else for (const item of value) if (typeof item === "object" && item !== null) collect(item, children);
}
