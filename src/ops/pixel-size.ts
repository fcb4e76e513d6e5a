import type { ShapeProblem } from "./layer.ts";
import type { Json, Parameter } from "./signature.ts";

/** A size of images: `64 px` for both sides, or `[48 px, 64 px]` for height and width. */
export const pixelSize: Parameter["type"] = {
  kind: "union",
  of: [
    { kind: "int", min: 1, unit: "px" },
    { kind: "list", of: { kind: "int", min: 1, unit: "px" } },
  ],
};

/** `64` is 64 by 64; `[48, 64]` is height, width. */
export function heightWidth(size: Json | undefined): readonly [number, number] {
  return Array.isArray(size) ? [size[0] as number, size[1] as number] : [size as number, size as number];
}

/** A list that is no height and width. */
export function sizeProblem(op: string, size: Json | undefined): ShapeProblem | undefined {
  if (!Array.isArray(size) || size.length === 2) return undefined;
  return {
    problem: `\`size\` of \`${op}\` has ${size.length === 1 ? "one number" : `${size.length} numbers`}`,
    hint: "give one for both sides without brackets, or `[height, width]`",
  };
}
