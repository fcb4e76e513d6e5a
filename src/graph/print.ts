/** A program as text: one line a node, types as `f32[32,64,64,3]`, the `.dl` place at the end. */
import type { Attr, Node, Value } from "../ops/node.ts";
import { show } from "../ops/primitives/primitive.ts";
import { describePlace } from "../text/source.ts";
import { elementCount, type Tensor } from "../types/tensor.ts";
import type { Program } from "./program.ts";
import { rootsOf, topological } from "./walk.ts";

/** One entry of a program; all of them without a name. Throws an `Error` that lists the entries where there is no such one. */
export function printProgram(program: Program, entry?: string): string {
  const names = Object.keys(program.entries);
  if (entry !== undefined && !names.includes(entry))
    throw new Error(`there is no entry ${entry}; there are ${names.join(", ")}`);
  return (entry === undefined ? names : [entry]).map((name) => printEntry(program, name)).join("\n");
}

function printEntry(program: Program, name: string): string {
  const { feeds, fetches, targets } = program.entries[name]!;
  const numbers = new Map<Node, number>();
  const reference = ({ node, index }: Value): string => {
    if (node.op === "Placeholder") return node.attrs.name as string;
    if (node.op === "VarHandleOp") return `@${node.attrs.shared_name as string}`;
    if (node.op === "Const") return constant((node.attrs.value as { tensor: Tensor }).tensor);
    return index === 0 ? `%${numbers.get(node)}` : `%${numbers.get(node)}:${index}`;
  };
  const signature = (values: Readonly<Record<string, Value>>) =>
    Object.entries(values)
      .map(([key, value]) => `${key}: ${show(value.type)}`)
      .join(", ");
  const lines = [`${name}(${signature(feeds)}) -> (${signature(fetches)}) {`];
  for (const node of topological(rootsOf(program.entries[name]!))) {
    if (node.op === "Placeholder" || node.op === "VarHandleOp" || node.op === "Const") continue;
    const place = node.span ? `  // ${describePlace(node.span)}` : "";
    const attrs = Object.entries(node.attrs).map(([key, value]) => `${key}: ${attribute(value)}`);
    const call = `${node.op}(${[...node.inputs.map(reference), ...attrs].join(", ")})`;
    if (node.outputs.length > 0) numbers.set(node, numbers.size);
    const result =
      node.outputs.length === 0
        ? ""
        : `%${numbers.get(node)}: ${node.outputs.map((type) => show(type)).join(", ")} = `;
    lines.push(`  ${result}${call}${place}`);
  }
  for (const [key, value] of Object.entries(fetches)) lines.push(`  ${key} = ${reference(value)}`);
  const writes = targets.length === 0 ? "" : `  // ${targets.length} nodes write`;
  return `${lines.join("\n")}\n}${writes}\n`;
}

function constant({ dtype, shape, data }: Tensor): string {
  if (elementCount(shape) > 8) return show({ dtype, shape });
  const numbers = Array.from(data as ArrayLike<number | bigint>, (value) => shortest(value, dtype === "f32"));
  return shape.length === 0 ? numbers[0]! : `[${numbers.join(", ")}]`;
}

/** The fewest digits that give the same number. */
function shortest(value: number | bigint, single: boolean): string {
  if (typeof value === "bigint" || !single || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

function attribute(value: Attr): string {
  if (typeof value === "number") return shortest(value, false);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${(value as readonly number[]).join(", ")}]`;
  const record = value as { dtype?: string; shape?: readonly number[]; tensor?: Tensor };
  if (record.tensor) return constant(record.tensor);
  return record.dtype ?? `[${record.shape!.join(", ")}]`;
}
