/** An example of every operator, for those who look it up. A test compiles them all. */
import type { Family, Signature } from "./signature.ts";

/** Where a name alone shows the use: of operators whose parameters need not be given. */
const byName: Readonly<Partial<Record<Family, (name: string) => string>>> = {
  layer: (name) => `conv(16)\n${name}`,
  initializer: (name) => `conv(16, init: ${name})`,
  prepare: (name) => `prepare image { ${name} }`,
  augment: (name) => `augment image { ${name} }`,
  loss: (name) => `loss = ${name}`,
  schedule: (name) => `schedule = ${name}(warmup: 1 epoch)`,
  metric: (name) => `report test.${name}`,
  cost: (name) => `report test.accuracy, cost.${name}`,
  learner: (name) => `vary model over { network: small, classic: ${name} }`,
};

/** What is written, without the lines around it. */
export function exampleOf({ name, family, example }: Signature): string {
  const written = example ?? byName[family]?.(name);
  if (written === undefined) throw new Error(`the ${family} ${name} has no example`);
  return written;
}
