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

function collect(value: object, children: object[]): void {
  if (!Array.isArray(value)) children.push(value);
  else for (const item of value) if (typeof item === "object" && item !== null) collect(item, children);
}
