import type { Parameter } from "./signature.ts";

/** A size of images: `64 px` for both sides, or `[48 px, 64 px]` for height and width. */
export const pixelSize: Parameter["type"] = {
  kind: "union",
  of: [
    { kind: "int", min: 1, unit: "px" },
    { kind: "list", of: { kind: "int", min: 1, unit: "px" } },
  ],
};
