import { showValue } from "./describe.ts";
import { inUnit } from "./quantity.ts";
import type { Value } from "./value.ts";

/** Whether two values are the same, wherever they were written. `60 min` equals `1 h`. */
export function equalValues(a: Value, b: Value): boolean {
  if (a.kind === "word" || b.kind === "word") return wordOf(a) !== undefined && wordOf(a) === wordOf(b);
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "number": {
      const other = b as typeof a;
      return a.digits !== undefined && other.digits !== undefined
        ? a.digits === other.digits
        : inUnit(other, a.unit) === a.value;
    }
    case "bool":
    case "string":
      return a.value === (b as typeof a).value;
    case "list": {
      const { items } = b as typeof a;
      return a.items.length === items.length && a.items.every((item, i) => equalValues(item, items[i]!));
    }
    case "record": {
      const { entries } = b as typeof a;
      return (
        a.entries.length === entries.length &&
        a.entries.every(
          (entry, i) => entry.label === entries[i]!.label && equalValues(entry.value, entries[i]!.value),
        )
      );
    }
    case "range": {
      const other = b as typeof a;
      const steps = a.step && other.step ? equalValues(a.step, other.step) : a.step === other.step;
      return equalValues(a.from, other.from) && equalValues(a.to, other.to) && steps && a.log === other.log;
    }
    case "operator": {
      const other = b as typeof a;
      return a.signature === other.signature && equalMaps(a.arguments, other.arguments);
    }
    case "declared": {
      const other = b as typeof a;
      return a.declaration === other.declaration && equalMaps(a.arguments, other.arguments);
    }
    case "section":
      return a.declaration === (b as typeof a).declaration;
    case "metric": {
      const other = b as typeof a;
      return a.split === other.split && showValue(a) === showValue(other);
    }
    case "expression":
      return showValue(a) === showValue(b);
  }
}

/** The word, or an operator that is only named: `init != random`. */
function wordOf(value: Value): string | undefined {
  if (value.kind === "word") return value.value;
  return value.kind === "operator" && value.arguments.size === 0 ? value.signature.name : undefined;
}

function equalMaps(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  return (
    a.size === b.size &&
    [...a].every(([name, value]) => {
      const other = b.get(name);
      return other !== undefined && equalValues(value, other);
    })
  );
}
