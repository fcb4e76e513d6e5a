import { showField } from "../field.ts";
import { heightWidth, pixelSize } from "../pixel-size.ts";
import type { PrepareOp } from "../prepare.ts";
import { imageSize, imageToSize } from "./row.ts";

export const pad: PrepareOp = {
  name: "pad",
  family: "prepare",
  version: 1,
  doc: "Puts a border of zeros around an image, so that it has the size given. Where the margin is odd, the spare row or column is added at the bottom and right. `pad(32 px)` is what LeNet-5 does with digits of 28 x 28.",
  example: "prepare image { pad(40 px) }",
  parameters: [
    {
      name: "size",
      type: pixelSize,
      doc: "Width and height to reach; or a list: height, width.",
    },
  ],
  infer(type, parameters) {
    const asked = imageToSize("pad", type, parameters);
    if ("problem" in asked) return asked;
    const { image, size } = asked;
    const [height, width] = image.shape;
    if ((typeof height === "number" && height > size[0]) || (typeof width === "number" && width > size[1]))
      return {
        problem: `\`pad\` makes ${size[0]} x ${size[1]} pixels, and the image is already ${height} x ${width} (${showField(image)})`,
        hint: "give a larger size, or use `centre_crop`",
      };
    return { ...image, shape: [...size, ...image.shape.slice(2)] };
  },
  apply(row, parameters) {
    const [height, width] = heightWidth(parameters.size);
    const [rows, columns, channels] = imageSize(row);
    const top = Math.floor((height - rows) / 2);
    const left = Math.floor((width - columns) / 2);
    const length = height * width * channels;
    const out = row.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
    for (let y = 0; y < rows; y++)
      out.set(
        row.data.subarray(y * columns * channels, (y + 1) * columns * channels) as never,
        ((top + y) * width + left) * channels,
      );
    return { shape: [height, width, ...row.shape.slice(2)], data: out };
  },
};
