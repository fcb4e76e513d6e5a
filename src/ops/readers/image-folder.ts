import type { ReaderOp } from "../reader.ts";

export const imageFolder: ReaderOp = {
  name: "image_folder",
  family: "reader",
  version: 1,
  doc:
    "Pictures in one folder a class: `PATH/spiral/0001.jpg`. The folder's name is the class; classes are sorted by name.\n\n" +
    "JPEG and PNG, of one number of channels. Where pictures differ in size, write `u8[H, W, 3]` and bring them to one in `prepare`. Fields: `image` (`u8[H, W, C]`), `class`, and `path` (relative to PATH).",
  parameters: [
    {
      name: "path",
      type: { kind: "path" },
      doc: "The folder that holds the classes' folders; relative to the file.",
    },
  ],
  fields: () => ({ image: undefined, class: undefined, path: undefined }),
};
