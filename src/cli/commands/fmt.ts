import {
  accessSync,
  chmodSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Problem } from "../../diagnostics/problem.ts";
import { formatText } from "../../format/format.ts";
import { shellWord } from "../../text/shell.ts";
import { tellDiagnostics } from "../diagnostics.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { studiesIn } from "../files.ts";
import { command, print, say } from "../terminal.ts";
import { plural } from "../words.ts";

interface FmtOptions {
  readonly check?: boolean;
}

/** Writes files as all are written. A file with syntax errors stays as it is; nothing is written where nothing changes. */
export async function fmt(paths: readonly string[], { check = false }: FmtOptions): Promise<ExitCode> {
  if (paths.includes("-")) return formatInput(paths, check);
  const files = studiesIn(paths.length > 0 ? paths : ["."]);
  if (files.length === 0)
    throw new UsageError(`there are no .dl files in ${paths.join(", ") || "this folder"}`);
  const changed: { path: string; text: string }[] = [];
  let broken = 0;
  for (const path of files) {
    const before = decode(readFileSync(path), path);
    const { text, diagnostics } = formatText({ path, text: before });
    if (tellDiagnostics(diagnostics, `${path} is left as it is.`)) broken++;
    else if (text !== undefined && text !== before) changed.push({ path, text });
  }
  if (!check) {
    for (const { path } of changed) expectWritable(path);
    for (const { path, text } of changed) replaceFile(path, text);
  }
  for (const { path } of changed) print(path);
  const done = changed.length === 0 ? "nothing to change" : `${changed.length} ${change(check)}`;
  const left = broken > 0 ? `, ${broken} with syntax errors` : "";
  say(`${plural(files.length, "file")}: ${done}${left}.`);
  return broken > 0 || (check && changed.length > 0) ? exit.specHasErrors : exit.fine;
}

async function formatInput(paths: readonly string[], check: boolean): Promise<ExitCode> {
  if (paths.length > 1) throw new UsageError("- stands for stdin: no other files can be named with it");
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const before = decode(Buffer.concat(chunks), "stdin");
  const { text, diagnostics } = formatText({ path: "stdin", text: before });
  if (tellDiagnostics(diagnostics, "Nothing was formatted.") || text === undefined) return exit.specHasErrors;
  if (!check) {
    process.stdout.write(text);
    return exit.fine;
  }
  say(`stdin: ${text === before ? "nothing to change" : change(check)}.`);
  return text === before ? exit.fine : exit.specHasErrors;
}

function change(check: boolean): string {
  return check ? "would change" : "formatted";
}

/** Bytes that are no UTF-8 would be lost by writing the text again. */
function decode(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem(
      `${shown} is not UTF-8 text`,
      "Save it as UTF-8 in an editor and run the same command again.",
    );
  }
}

/** A file that is marked read-only is not replaced either, though its folder would allow it. */
function expectWritable(path: string): void {
  try {
    if ((statSync(path).mode & 0o222) === 0) throw new Error("read-only");
    accessSync(path, constants.W_OK);
    accessSync(dirname(realpathSync(path)), constants.W_OK);
  } catch {
    throw new Problem(
      `${path} or its folder is read-only; no file was changed`,
      `Make it writable (chmod u+w ${shellWord(path)}), or read the result: ${command()} fmt - < ${shellWord(path)}`,
    );
  }
}

/** The file is the old or the new one at every moment. A link stays a link. */
function replaceFile(path: string, text: string): void {
  const file = realpathSync(path);
  const draft = join(dirname(file), `.${basename(file)}-${process.pid}`);
  try {
    writeFileSync(draft, text);
    chmodSync(draft, statSync(file).mode);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
