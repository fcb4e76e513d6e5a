/** Finds TensorFlow's native libraries. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Problem } from "../../diagnostics/problem.ts";
import type { LibraryLocation } from "./location.ts";
import { installFolder } from "./wheel.ts";

const ccNames = [
  "libtensorflow_cc.so.2",
  "libtensorflow.so.2",
  "libtensorflow.so",
  "libtensorflow_cc.2.dylib",
  "libtensorflow.2.dylib",
];
const frameworkNames = ["libtensorflow_framework.so.2", "libtensorflow_framework.2.dylib"];

/** The two libraries in a folder; undefined where one is missing. */
export function librariesIn(folder: string, origin: string): LibraryLocation | undefined {
  const first = (names: readonly string[]) =>
    names.map((name) => join(folder, name)).find((path) => existsSync(path));
  const cc = first(ccNames);
  const framework = first(frameworkNames);
  return cc && framework ? { cc, framework, origin } : undefined;
}

/**
 * The first of: the folder that `DLC_TENSORFLOW` names; `@tensorflow/tfjs-node-gpu`, then `@tensorflow/tfjs-node`, where
 * installed; the cache of `dlc engine install`; the `tensorflow` of the `python3` on the PATH, found without importing it.
 * Throws a `Problem` where `DLC_TENSORFLOW` names a folder without the libraries.
 */
export function locateTensorflow(): LibraryLocation | undefined {
  const named = process.env.DLC_TENSORFLOW;
  if (named) {
    const found = librariesIn(named, "DLC_TENSORFLOW");
    if (found) return found;
    throw new Problem(
      `DLC_TENSORFLOW is ${named}, but that folder does not hold ${ccNames[0]} (or ${ccNames[1]}) and ${frameworkNames[0]}`,
      "Name the folder that holds both, or unset DLC_TENSORFLOW",
    );
  }
  return (
    inPackage("@tensorflow/tfjs-node-gpu") ??
    inPackage("@tensorflow/tfjs-node") ??
    librariesIn(installFolder(), "the cache of dlc engine install") ??
    inPython()
  );
}

function inPackage(name: string): LibraryLocation | undefined {
  // Beside dlc, or in the project that the user works in.
  for (const from of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      const folder = dirname(createRequire(from).resolve(`${name}/package.json`));
      const found = librariesIn(join(folder, "deps", "lib"), name);
      if (found) return found;
    } catch {
      // Not installed.
    }
  }
  return undefined;
}

/** Where a module lies, without running any of it. */
const findModule = `
import importlib.util
spec = importlib.util.find_spec("tensorflow")
for place in (spec.submodule_search_locations if spec else None) or []:
    print(place)
`;

function inPython(): LibraryLocation | undefined {
  try {
    const places = execFileSync("python3", ["-c", findModule], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
    });
    for (const place of places.split("\n").filter(Boolean)) {
      const found = librariesIn(place, "the tensorflow of python3");
      if (found) return found;
    }
  } catch {
    // No Python, or one that does not answer.
  }
  return undefined;
}
