/** The TensorFlow engine for tests, found as a user's is. */
import { locateTensorflow } from "../../src/engine/tensorflow/locate.ts";
import { openTensorflow, type TensorflowEngine } from "../../src/engine/tensorflow/open.ts";

export async function tensorflowForTests(): Promise<TensorflowEngine | undefined> {
  const location = locateTensorflow();
  if (location) return openTensorflow(location);
  if (process.env.CI === "true") throw new Error("no TensorFlow: dlc engine install");
  console.log("skipped: there is no TensorFlow (npm test brings it)");
  return undefined;
}
