import type { ReaderOp } from "../reader.ts";

export const idx: ReaderOp = {
  name: "idx",
  family: "reader",
  version: 1,
  doc:
    "The files of MNIST and its kin: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-...`, plain or `.gz`.\n\n" +
    "Rows of the training files come first, those of the test files behind. Fields: `image` (`u8[H, W, 1]`) and `label`. " +
    "`split = given(...)` keeps the files' own division.",
  example: `data shown {
  source = idx("mnist")
  input image : u8[28, 28, 1] = source.image
  target label : class[10] = source.label
  split = given(valid: 10%)
  prepare image { scale(0 .. 1) }
}`,
  parameters: [
    {
      name: "path",
      type: { kind: "path" },
      doc: "The folder that holds the four files; relative to the file.",
    },
  ],
  fields: () => ({ image: undefined, label: undefined }),
};
