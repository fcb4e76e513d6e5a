import { Problem } from "../../diagnostics/problem.ts";
import { examine, type Finding } from "../../engine/doctor.ts";
import { probeRunsFolder } from "../../store/probe.ts";
import { type ExitCode, exit } from "../exit.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";
import { lookOf, paint, print } from "../terminal.ts";

export async function doctor(options: RunsOption): Promise<ExitCode> {
  const look = lookOf(process.stdout);
  const findings = [...(await examine()), examineRuns(runsFolder(options))];
  for (const { name, ok, text } of findings)
    print(`${ok ? paint("ok  ", "green", look) : paint("fail", "red", look)}  ${name.padEnd(12)} ${text}`);
  return findings.every(({ ok }) => ok) ? exit.fine : exit.unavailable;
}

function examineRuns(folder: string): Finding {
  try {
    probeRunsFolder(folder);
    return { name: "runs", ok: true, text: `${folder}/ can keep runs: hard links work` };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { name: "runs", ok: false, text: `${error.message}. ${error.hint ?? ""}` };
  }
}
