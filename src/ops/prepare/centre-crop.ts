import { showField } from "../field.ts";
import { heightWidth, pixelSize } from "../pixel-size.ts";
import type { PrepareOp } from "../prepare.ts";
import { imageSize, imageToSize } from "./row.ts";

/** Keeps the middle `size` by `size` pixels; where the margin is odd, the spare row or column is cut at the end. */
export const centreCrop: PrepareOp = {
  name: "centre_crop",
  moves: true,
  family: "prepare",
  version: 1,
  doc: "Keeps the middle of an image. Where the margin is odd, the spare row or column is cut at the bottom and right.",
  example: "prepare image { centre_crop(24 px) }",
  parameters: [
    {
      name: "size",
      type: pixelSize,
      doc: "Width and height to keep; or a list: height, width.",
    },
  ],
  infer(type, parameters) {
    const asked = imageToSize("centre_crop", type, parameters);
    if ("problem" in asked) return asked;
    const { image, size } = asked;
    const [height, width] = size;
    if (
      (typeof image.shape[0] === "number" && image.shape[0] < height) ||
      (typeof image.shape[1] === "number" && image.shape[1] < width)
    )
      return {
        problem: `\`centre_crop\` keeps ${height} x ${width} pixels, but the image is only ${image.shape[0]} x ${image.shape[1]} (${showField(image)})`,
        hint: "crop to a smaller size, or enlarge the image with `resize` first",
      };
    return { ...image, shape: [...size, ...image.shape.slice(2)] };
  },
  apply(row, parameters) {
    const [height, width] = heightWidth(parameters.size);
    const [rows, columns, channels] = imageSize(row);
    const top = Math.floor((rows - height) / 2);
    const left = Math.floor((columns - width) / 2);
    const out = row.data.slice(0, height * width * channels);
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * columns + left) * channels;
      out.set(row.data.subarray(from, from + width * channels) as never, y * width * channels);
    }
    return { shape: [height, width, ...row.shape.slice(2)], data: out };
  },
};
