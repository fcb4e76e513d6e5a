/** A virtual environment with the peer, made on first use and kept beside the benchmarks. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const requirements = ["tensorflow-cpu==2.21.0", "keras==3.15.1"];

/** The path of its Python. */
export function peerPython(): string {
  const folder = process.env.DLC_BENCH_VENV ?? join("bench", ".venv");
  const python = join(folder, "bin", "python");
  if (existsSync(python)) return python;
  console.error(`installing ${requirements.join(" and ")} into ${folder} ...`);
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  execFileSync(python, ["-m", "pip", "install", "--quiet", ...requirements], { stdio: "inherit" });
  return python;
}
