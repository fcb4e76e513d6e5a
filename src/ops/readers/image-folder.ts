import type { ReaderOp } from "../reader.ts";

export const imageFolder: ReaderOp = {
  name: "image_folder",
  family: "reader",
  version: 1,
  doc:
    "Pictures in one folder a class: `PATH/spiral/0001.jpg`. The folder's name is the class; classes are sorted by name.\n\n" +
    "JPEG and PNG, of one number of channels. Where pictures differ in size, write `u8[H, W, 3]` and bring them to one in `prepare`. Fields: `image` (`u8[H, W, C]`), `class`, and `path` (relative to PATH).",
  example: `data shown {
  source = image_folder("galaxies") // galaxies/spiral/17.png, galaxies/elliptical/3.jpg, ...
  input image : u8[64, 64, 3] = source.image
  target label : class[4] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
  prepare image { scale(0 .. 1) }
}`,
  parameters: [
    {
      name: "path",
      type: { kind: "path" },
      doc: "The folder that holds the classes' folders; relative to the file.",
    },
  ],
  fields: () => ({ image: undefined, class: undefined, path: undefined }),
};
