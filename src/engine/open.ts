/** Engines by name. */
import { Problem } from "../diagnostics/problem.ts";
import type { Engine } from "./engine.ts";
import { openReference } from "./reference/open.ts";
import { locateTensorflow } from "./tensorflow/locate.ts";
import type { LibraryLocation } from "./tensorflow/location.ts";
import { openTensorflow } from "./tensorflow/open.ts";
import { pinnedWheel } from "./tensorflow/wheel.ts";

export type EngineName = "tensorflow" | "reference";

/** TensorFlow 2.9 is the oldest whose operators the graphs keep to. */
const oldest = [2, 9] as const;

/** Throws a `Problem` where TensorFlow is not found, cannot be loaded, or is too old. */
export async function openEngine(name: EngineName): Promise<Engine> {
  if (name === "reference") {
    return openReference();
  }
  const location = locateTensorflow();
  if (!location) {
    throw new Problem(
      "no TensorFlow library was found on this machine",
      "Run `dlc engine install`, or name the folder that holds libtensorflow_cc.so.2 with DLC_TENSORFLOW.",
    );
  }
  let engine: Engine;
  try {
    engine = await openTensorflow(location);
  } catch (error) {
    throw new Problem(
      `TensorFlow (${location.origin}) cannot be loaded: ${(error as Error).message}`,
      "Name the folder of another build with DLC_TENSORFLOW, or run `dlc engine install`.",
      { cause: error },
    );
  }
  const [major = 0, minor = 0] = engine.info.version.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new Problem(
      `TensorFlow ${engine.info.version} (${location.origin}) is too old: ${oldest.join(".")} or later is needed`,
      "Name the folder of a newer build with DLC_TENSORFLOW, or run `dlc engine install`.",
    );
  }
  return engine;
}

export interface EngineListing {
  readonly name: EngineName;
  /** What it is for, in a line. */
  readonly about: string;
  /** Where its library was found; `null` where it is not installed; undefined where it needs none. */
  readonly location: LibraryLocation | null | undefined;
  /** What `dlc engine install` would bring; null where nothing is pinned for this platform. */
  readonly installs: string | null;
}

/** Every engine, loaded or not. Nothing is opened. */
export function listEngines(): readonly EngineListing[] {
  const wheel = pinnedWheel();
  return [
    {
      name: "tensorflow",
      about: "trains on the CPU (oneDNN) and on NVIDIA GPUs",
      location: locateTensorflow() ?? null,
      installs: wheel ? `TensorFlow ${wheel.version} for the CPU (${Math.round(wheel.size / 1e6)} MB)` : null,
    },
    {
      name: "reference",
      about: "slow and plain, to check the others against",
      location: undefined,
      installs: null,
    },
  ];
}
