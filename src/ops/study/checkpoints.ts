import type { Parameter, Signature } from "../signature.ts";

const watched: Parameter = {
  name: "metric",
  type: { kind: "metric" },
  doc: "Measured after every epoch: `valid.loss`, `valid.accuracy`.",
};

/** `stop = ...` and `keep = ...` of a recipe. */
export const checkpoints: readonly Signature[] = [
  {
    name: "early",
    family: "stop",
    version: 1,
    doc: "Ends training when the metric has not improved for `patience`; the weights of the best epoch count.",
    example: "stop = early(valid.loss, patience: 2 epochs)",
    parameters: [
      watched,
      {
        name: "patience",
        type: { kind: "duration", in: ["epochs", "steps"] },
        default: { epochs: 5 },
        doc: "How long to wait for an improvement.",
      },
    ],
  },
  {
    name: "last",
    family: "keep",
    version: 1,
    doc: "The weights after the last step count.",
    example: "keep = last",
    parameters: [],
  },
  {
    name: "best",
    family: "keep",
    version: 1,
    doc: "The weights of the epoch with the best value of the metric count: `best(valid.loss)`.",
    example: "keep = best(valid.accuracy)",
    parameters: [watched],
  },
];
