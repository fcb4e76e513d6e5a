/** Diagnostics of names (DL20xx) and of values and units (DL30xx). */
import { define } from "../diagnostics/diagnostic.ts";
import { listWords } from "./describe.ts";

// Names

export const unknownName = define(
  "DL2001",
  "unknown-name",
  "error",
  (p: { name: string }) => `there is no \`${p.name}\` here`,
);

export const unknownOperator = define(
  "DL2002",
  "unknown-operator",
  "error",
  (p: { what: string; name: string }) => `there is no ${p.what} \`${p.name}\``,
);

export const wrongFamily = define(
  "DL2003",
  "wrong-kind-of-operator",
  "error",
  (p: { name: string; is: string; needed: string }) => `\`${p.name}\` is ${p.is}; ${p.needed} is needed here`,
);

export const unknownParameter = define(
  "DL2004",
  "unknown-parameter",
  "error",
  (p: { name: string; owner: string }) => `there is no parameter \`${p.name}\` in \`${p.owner}\``,
);

export const repeatedArgument = define(
  "DL2005",
  "repeated-argument",
  "error",
  (p: { name: string; owner: string }) => `\`${p.name}\` of \`${p.owner}\` is given twice`,
);

export const missingArgument = define(
  "DL2006",
  "missing-argument",
  "error",
  (p: { owner: string; names: readonly string[] }) =>
    `\`${p.owner}\` needs ${p.names.map((name) => `\`${name}\``).join(" and ")}`,
);

export const argumentWithoutName = define(
  "DL2007",
  "argument-without-name",
  "error",
  (p: { owner: string; positional: number; named: number }) =>
    p.named === 0
      ? `\`${p.owner}\` has no parameters`
      : p.positional === 0
        ? `\`${p.owner}\` takes no value without a name`
        : `\`${p.owner}\` takes only ${p.positional === 1 ? "its first value" : `its first ${p.positional} values`} without a name`,
);

export const definedByItself = define(
  "DL2008",
  "defined-by-itself",
  "error",
  (p: { loop: readonly string[] }) => `\`${p.loop[0]}\` is defined by itself: ${p.loop.join(" -> ")}`,
);

export const unknownWord = define(
  "DL2009",
  "unknown-word",
  "error",
  (p: { what: string; got: string; needed: string }) => `${p.what} is ${p.needed}, not ${p.got}`,
);

export const unknownMember = define(
  "DL2011",
  "unknown-member",
  "error",
  (p: { name: string; of: string }) => `there is no \`${p.name}\` in ${p.of}`,
);

export const notCallable = define(
  "DL2012",
  "not-callable",
  "error",
  (p: { name: string; is: string }) => `\`${p.name}\` is ${p.is} and takes no arguments`,
);

// Values and units

export const wrongType = define(
  "DL3001",
  "wrong-type",
  "error",
  (p: { what: string; needed: string; got: string }) => `${p.what} must be ${p.needed}, not ${p.got}`,
);

export const wrongUnit = define(
  "DL3002",
  "wrong-unit",
  "error",
  (p: { what: string; needed: string; got: string }) => `${p.what} is ${p.needed}, not ${p.got}`,
);

export const missingUnit = define(
  "DL3003",
  "missing-unit",
  "error",
  (p: { what: string; units: readonly string[] }) => `${p.what} needs a unit: ${listWords(p.units)}`,
);

export const outOfRange = define(
  "DL3004",
  "out-of-range",
  "error",
  (p: { what: string; limit: string; got: string }) => `${p.what} must be ${p.limit}, not ${p.got}`,
);

export const notWhole = define(
  "DL3005",
  "not-whole",
  "error",
  (p: { what: string; got: string }) => `${p.what} must be a whole number, not ${p.got}`,
);

export const noSuchElement = define(
  "DL3006",
  "no-such-element",
  "error",
  (p: { index: string; length: number }) =>
    `there is no element ${p.index} in a list of ${p.length}${p.length > 0 ? `, which has 0 to ${p.length - 1}` : ""}`,
);

export const wrongOperands = define(
  "DL3007",
  "wrong-operands",
  "error",
  (p: { operator: string; left: string; right: string | undefined }) =>
    p.right === undefined
      ? `\`${p.operator}\` cannot be used on ${p.left}`
      : `\`${p.operator}\` cannot be used between ${p.left} and ${p.right}`,
);

export const unknownUnit = define(
  "DL3008",
  "unknown-unit",
  "error",
  (p: { unit: string }) => `there is no unit \`${p.unit}\``,
);

export const badRange = define("DL3009", "bad-range", "error", (p: { problem: string }) => p.problem);

export const noValue = define(
  "DL3010",
  "not-a-value",
  "error",
  (p: { what: string }) => `${p.what} is known only when the network runs; a value is needed here`,
);

export const divisionByZero = define("DL3011", "division-by-zero", "error", () => "this divides by zero");

export const unknownType = define(
  "DL3012",
  "unknown-type",
  "error",
  (p: { name: string }) => `there is no type \`${p.name}\``,
);
