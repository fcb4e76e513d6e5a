/** The TensorFlow engine for tests, where a library is named by DLC_TENSORFLOW. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openTensorflow, type TensorflowEngine } from "../../src/engine/tensorflow/open.ts";

const folder = process.env.DLC_TENSORFLOW;

export async function tensorflowForTests(): Promise<TensorflowEngine | undefined> {
  if (folder && existsSync(join(folder, "libtensorflow_cc.so.2"))) {
    return openTensorflow({
      cc: join(folder, "libtensorflow_cc.so.2"),
      framework: join(folder, "libtensorflow_framework.so.2"),
      origin: "DLC_TENSORFLOW",
    });
  }
  if (process.env.CI === "true") throw new Error("no TensorFlow library: set DLC_TENSORFLOW to its folder");
  console.log("skipped: no TensorFlow library (set DLC_TENSORFLOW to its folder)");
  return undefined;
}
