/** Which tensors meet element by element, by the rules for the batch: `N` aligns only with `N`. */
import { type Dim, showType, type TensorType } from "../../types/tensor.ts";
import type { Inferred, ShapeProblem } from "../layer.ts";

/**
 * Equal shapes, equal ranks with ones, or one operand without `N`, which is then matched from the last axis on. The problem
 * names the axes that differ: "channels, height and width".
 */
export function elementwise(op: string, inputs: readonly TensorType[]): Inferred | ShapeProblem {
  const first = inputs[0]!;
  let shape: readonly Dim[] = first.shape;
  for (const [right, input] of inputs.entries()) {
    const stacked = () => `${showType(first)} and ${showType(input)}`;
    if (input.dtype !== first.dtype) return { problem: `\`${op}\` cannot mix ${stacked()}` };
    if (sameShape(shape, input.shape)) continue;
    const left = padded(shape, input.shape);
    const other = padded(input.shape, shape);
    if (other.length !== left.length) {
      return {
        problem: `\`${op}\` needs tensors of one rank, not ${stacked()}`,
        hint: [left, other].some((shape) => shape.at(-1) === 1 && Math.abs(left.length - other.length) === 1)
          ? "`take(x, index: 0)` drops a last axis of 1"
          : "bring both to one rank with `flatten`, `global_avg_pool` or `reshape`",
      };
    }
    const differing = left.flatMap((dim, axis) => {
      const size = other[axis]!;
      return dim === size || dim === 1 || size === 1 ? [] : [axis];
    });
    if (differing.length > 0) {
      const last = [left.at(-1)!, other.at(-1)!];
      const channelsOnly = differing.length === 1 && differing[0] === left.length - 1 && !last.includes("N");
      return {
        problem: `${stacked()} disagree on ${axisNames(differing, left.length)}`,
        disagree: { left: 0, right, axes: axisNames(differing, left.length) },
        hint: channelsOnly
          ? `give both equal channels: \`conv(${Math.max(...(last as number[]))}, kernel: 1)\`, or \`pad_channels\``
          : sizesHint(
              differing.filter((axis) => axis < left.length - 1).map((axis) => [left[axis]!, other[axis]!]),
            ),
      };
    }
    shape = left.map((dim, axis) => (dim === 1 ? other[axis]! : dim));
  }
  return { output: { dtype: first.dtype, shape }, weights: [], macs: 0 };
}

const sameShape = (a: readonly Dim[], b: readonly Dim[]): boolean =>
  a.length === b.length && a.every((dim, axis) => dim === b[axis]);

/** A shape without `N`, with ones in front up to the rank of the other. */
function padded(shape: readonly Dim[], other: readonly Dim[]): readonly Dim[] {
  if (shape.includes("N")) return shape;
  return [...new Array<Dim>(Math.max(0, other.length - shape.length)).fill(1), ...shape];
}

/** What brings sizes together: a stride where one is a multiple of the other. */
export function sizesHint(pairs: readonly (readonly [Dim, Dim])[]): string {
  const multiples = pairs.every(([a, b]) => a === "N" || b === "N" || Math.max(a, b) % Math.min(a, b) === 0);
  return multiples
    ? "bring one to the other's size with a strided `conv(..., kernel: 1)` or a pool"
    : "use `padding: same` in both, and let every stride divide the sizes: `pad` or `centre_crop` in `prepare`";
}

export function axisNames(axes: readonly number[], rank: number): string {
  const names =
    rank === 5
      ? ["the batch", "depth", "height", "width", "channels"]
      : rank === 4
        ? ["the batch", "height", "width", "channels"]
        : rank === 3
          ? ["the batch", "length", "channels"]
          : rank === 2
            ? ["the batch", "features"]
            : Array.from({ length: rank }, (_, axis) => `axis ${axis}`);
  // Channels first: they differ most often.
  const order = [...axes].sort((a, b) => Number(b === rank - 1) - Number(a === rank - 1));
  const list = order.map((axis) => names[axis]!);
  return list.length < 2 ? list.join() : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
}
