/** The TensorFlow that is installed where none is found. The native libraries in a wheel do not depend on its Python version. */
import { join } from "node:path";
import { cacheFolder } from "../cache.ts";

export interface Wheel {
  /** Distribution on the Python package index. */
  readonly project: string;
  readonly version: string;
  readonly file: string;
  /** pip's `--platform`. */
  readonly platform: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

const version = "2.21.0";

/** By `process.platform` and `process.arch`. File names, sizes and digests are those of the index's metadata. */
const wheels: Readonly<Record<string, Wheel>> = {
  "linux-x64": {
    project: "tensorflow-cpu",
    version,
    file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
    platform: "manylinux_2_27_x86_64",
    size: 273829956,
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  },
  "linux-arm64": {
    project: "tensorflow",
    version,
    file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl",
    platform: "manylinux_2_27_aarch64",
    size: 281828020,
    sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
  },
  "darwin-arm64": {
    project: "tensorflow",
    version,
    file: "tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl",
    platform: "macosx_12_0_arm64",
    size: 223405849,
    sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
  },
};

const host = `${process.platform}-${process.arch}`;

/** Undefined where no build is pinned for this platform. */
export function pinnedWheel(): Wheel | undefined {
  return wheels[host];
}

/** The folder that an installation ends in. It exists only when it is complete. */
export function installFolder(): string {
  return join(cacheFolder(), `tensorflow-${version}-${host}`);
}

/** In bytes: the wheel, pip's own copy of it, and the two libraries unpacked. */
export function spaceNeeded(wheel: Wheel): number {
  return 2 * wheel.size + 900_000_000;
}
