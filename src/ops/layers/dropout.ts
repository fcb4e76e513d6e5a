import type { LayerOp } from "../layer.ts";
import { needsFloat } from "./window.ts";

export const dropout: LayerOp = {
  name: "dropout",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Sets each element to zero with probability \`rate\` while training, and divides the others by \`1 - rate\`.

Srivastava et al. (2014), in the inverted form: evaluation passes its input through. The masks are drawn from the trial's seed.`,
  parameters: [
    {
      name: "rate",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.5,
      doc: "Share of the elements that is dropped.",
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
    const kept = builder.emit("GreaterEqual", [uniform(input!.type.shape), builder.scalar(rate)]);
    const scaled = builder.emit("Mul", [input!, builder.scalar(1 / (1 - rate))]);
    return builder.emit("SelectV2", [kept, scaled, builder.scalar(0)]);
  },
};
