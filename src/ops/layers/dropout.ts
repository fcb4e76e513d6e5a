import type { LayerOp } from "../layer.ts";
import { needsFloat } from "./window.ts";

export const dropout: LayerOp = {
  name: "dropout",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Sets each element to zero with probability \`rate\` while training, and divides the others by \`1 - rate\`.

Srivastava et al. (2014), in the inverted form: evaluation passes its input through. The masks are drawn from the trial's seed.`,
  example: `flatten; dense(64); relu
dropout(30%)`,
  parameters: [
    {
      name: "rate",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.5,
      doc: "Share of the elements that is dropped.",
    },
    {
      name: "per",
      type: { kind: "word", words: ["element", "channel"] },
      default: "element",
      doc: "`channel` drops whole channels of a sample, all positions together (Tompson et al. 2015).",
    },
  ],
  infer([input], parameters) {
    if (input!.dtype !== "f32") return needsFloat("dropout", input!);
    if ((parameters.rate as number) >= 1)
      return { problem: "`dropout` of 100% leaves nothing", hint: "give a rate below 1" };
    return { output: input!, weights: [], macs: 0 };
  },
  lower({ builder, training, uniform }, [input], parameters) {
    const rate = parameters.rate as number;
    if (!training || rate === 0) return input!;
    const { shape } = input!.type;
    const drawn =
      parameters.per === "channel"
        ? shape.map((dim, axis) => (axis === 0 || axis === shape.length - 1 ? dim : 1))
        : shape;
    const kept = builder.emit("GreaterEqual", [uniform(drawn), builder.scalar(rate)]);
    const scaled = builder.emit("Mul", [input!, builder.scalar(1 / (1 - rate))]);
    return builder.emit("SelectV2", [kept, scaled, builder.scalar(0)]);
  },
};
