/** The steps of `augment` and `evaluate` as parts of the graph. */
import type { Builder, Value } from "../ops/node.ts";
import { isPixelLabels } from "../ops/pixel-labels.ts";
import { operatorOf } from "../ops/registry.ts";
import type { DataSpec, SectionSpec } from "../study/plan.ts";

/** Labels of pixels, i32[N, H, W], go through steps that move pixels as images of one channel. */
function asImages(builder: Builder, labels: Value, step: (images: Value) => Value): Value {
  const images = builder.emit("Cast", [labels], { DstT: { dtype: "f32" } });
  const moved = step(builder.emit("Reshape", [images, builder.ints([...labels.type.shape, 1])]));
  const back = builder.emit("Reshape", [moved, builder.ints(moved.type.shape.slice(0, -1))]);
  return builder.emit("Cast", [back], { DstT: { dtype: "i32" } });
}

/** The fields that label pixels. */
export const pixelLabels = (data: DataSpec): ReadonlySet<string> =>
  new Set(data.fields.filter(({ type }) => isPixelLabels(type)).map(({ name }) => name));

/**
 * Runs the steps of sections on the batches of their fields. Fields named together share their draws; `labels` are those that
 * label pixels.
 */
export function applySections(
  builder: Builder,
  sections: readonly SectionSpec[],
  labels: ReadonlySet<string>,
  batch: Record<string, Value>,
  uniform: (shape: readonly number[]) => Value,
): Record<string, Value> {
  const fields = { ...batch };
  for (const section of sections) {
    const used = section.fields.filter((field) => fields[field]);
    if (used.length === 0) continue;
    const count = fields[used[0]!]!.type.shape[0]!;
    for (const { op, parameters } of section.steps) {
      const step = operatorOf("augment", op);
      const draws = step.draw({ builder, uniform }, count, parameters);
      for (const field of used) {
        const value = fields[field]!;
        const own = step.drawEach?.({ builder, uniform }, value.type.shape, parameters) ?? [];
        const lower = (images: Value, interpolation: "BILINEAR" | "NEAREST") =>
          step.lower(builder, images, [...draws, ...own], parameters, interpolation);
        fields[field] = labels.has(field)
          ? asImages(builder, value, (images) => lower(images, "NEAREST"))
          : lower(value, "BILINEAR");
      }
    }
  }
  return fields;
}
