/** The command line: what commands there are. Each lies in `commands/` and is loaded when it is asked for. */
import { Command, CommanderError, Option } from "commander";
import { type ExitCode, exit } from "./exit.ts";
import { endWith } from "./failure.ts";
import { packageVersion } from "./root.ts";

type Action = (...args: never[]) => Promise<ExitCode>;

/** Runs a command with the arguments after `dlc` and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  // `dlc ls | head` closes the pipe early: not an error.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? exit.fine);
      throw error;
    });
  process.on("uncaughtException", endWith);
  process.on("unhandledRejection", endWith);
  try {
    await describe((code) => {
      process.exitCode = code;
    }).parseAsync(args as string[], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exit.fine : exit.usage;
    else endWith(error);
  }
}

/** Does what checking a study takes, for the snapshot that commands start from. */
export async function rehearse(file: string): Promise<void> {
  (await import("./rehearse.ts")).rehearse(file);
}

function describe(done: (code: ExitCode) => void): Command {
  const dlc = new Command("dlc")
    .description(
      "A compiler for deep-learning experiments: data, networks, sweep and question in one checked file.",
    )
    .usage("COMMAND [...]")
    .helpCommand(false)
    .showHelpAfterError("(dlc --help lists the commands, dlc COMMAND --help shows an example)")
    .configureHelp({
      showGlobalOptions: false,
      subcommandTerm: (command) => `${command.name()} ${command.usage().replace("[options] ", "")}`,
    })
    .option("--version", "print the version");
  dlc.exitOverride();
  dlc.on("option:version", () => {
    process.stdout.write(`${packageVersion()}\n`);
    throw new CommanderError(0, "dlc.version", "");
  });

  /** A command whose code is loaded when it runs. */
  const command = (
    usage: string,
    description: string,
    example: string,
    load: () => Promise<Action>,
  ): Command => {
    const added = dlc
      .command(usage)
      .description(description)
      .addHelpText("after", `\nExample:\n${example.replace(/^/gm, "  ")}`)
      .action(async (...all: unknown[]) => {
        const action = await load();
        // The last argument is the command itself.
        done(await action(...(all.slice(0, -1) as never[])));
      });
    added.exitOverride();
    return added;
  };
  const set = () =>
    new Option("--set <path=value...>", "replace a value, checked like the file").argParser(
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    );
  const experiment = ["--experiment <name>", "only this experiment of the file"] as const;
  const json = ["--json", "print JSON"] as const;
  const runs = ["--runs <folder>", "where runs are kept (default: DLC_RUNS, else runs/)"] as const;

  command(
    "check <file>",
    "check a study: names, shapes, splits, design",
    "dlc check specs/first-study.dl",
    async () => (await import("./commands/check.ts")).check,
  )
    .addOption(set())
    .option(...experiment)
    .addOption(
      new Option("--format <form>", "for people, for programs, for code hosts")
        .choices(["text", "json", "sarif", "github"])
        .default("text"),
    )
    .option(...json);
  command(
    "fix <file>",
    "mend what can be mended without doubt: misspelt names, missing commas",
    "dlc fix --dry-run specs/first-study.dl",
    async () => (await import("./commands/fix.ts")).fix,
  ).option("--dry-run", "show what would change, and write nothing");
  command(
    "fmt [paths...]",
    "write files as all are written: the .dl files named and in folders (default: here); - is stdin to stdout",
    "dlc fmt specs --check",
    async () => (await import("./commands/fmt.ts")).fmt,
  ).option("--check", "change nothing, list the files that would change");
  command(
    "shapes <file>",
    "the networks layer by layer: shapes, parameters, cost",
    "dlc shapes specs/first-study.dl",
    async () => (await import("./commands/shapes.ts")).shapes,
  )
    .addOption(set())
    .option(...experiment)
    .option(...json);
  command(
    "plan <file>",
    "what a run would train, and what of it is done",
    "dlc plan specs/first-study.dl --set short.length='4 epochs'",
    async () => (await import("./commands/plan.ts")).plan,
  )
    .addOption(set())
    .option(...experiment)
    .option("--measure", "read the data, run some steps of each network, and say how long it takes")
    .option(...runs)
    .option(...json);
  command(
    "run <file>",
    "run a study, or go on with it, and answer its question",
    "dlc run specs/galaxy-zoo.dl --set galaxies.source.path=FOLDER",
    async () => (await import("./commands/run.ts")).run,
  )
    .addOption(set())
    .option(...experiment)
    .option("--smoke", "try the study: two steps and one evaluation of every trial, nothing is kept")
    .addOption(
      new Option(
        "--reuse <which>",
        "results that count as done: of the same trial (logical), also by the same engine, CPU and threads (exact), none (off)",
      )
        .choices(["logical", "exact", "off"])
        .default("logical"),
    )
    .option("--jobs <n>", "trainings at the same time (default: as many as there are cores)")
    .addOption(
      new Option("--engine <name>", "what computes")
        .choices(["tensorflow", "reference"])
        .default("tensorflow"),
    )
    .option(...runs)
    .option("--json", "print one JSON object a line for everything that happens");
  command(
    "report <run>",
    "print the answer of a run again and write its report.html",
    "dlc report first-study",
    async () => (await import("./commands/report.ts")).report,
  )
    .option(...runs)
    .option(...json);
  command("ls", "list the runs", "dlc ls --json", async () => (await import("./commands/ls.ts")).ls)
    .option(...runs)
    .option(...json);
  command(
    "show <run>",
    "one run: its trials, where they stand, what they gave",
    "dlc show first-study",
    async () => (await import("./commands/show.ts")).show,
  )
    .option(...runs)
    .option(...json);
  command(
    "logs <run> [trial]",
    "what the workers wrote; of one trial with its number",
    "dlc logs first-study 7",
    async () => (await import("./commands/logs.ts")).logs,
  ).option(...runs);
  command(
    "compile <file>",
    "print what a study compiles to",
    "dlc compile specs/first-study.dl --emit graph --trial 1 --after differentiate",
    async () => (await import("./commands/compile.ts")).compile,
  )
    .addOption(set())
    .option(...experiment)
    .addOption(
      new Option("--emit <form>", "the checked study as canonical JSON, or a trial's graph")
        .choices(["json", "graph"])
        .default("json"),
    )
    .option("--trial <n>", "whose graph", "1")
    .option("--entry <name>", "step, evaluate, average, or step/BLOCK of one `train` block", "step")
    .option("--after <pass>", "the graph after this pass (default: the last)");
  command(
    "doctor",
    "what this machine has: Node, engine, devices, file system",
    "dlc doctor",
    async () => (await import("./commands/doctor.ts")).doctor,
  ).option(...runs);
  command(
    "engine [action]",
    "`list` the engines that are here (as without a word), `install` TensorFlow for CPU",
    "dlc engine install",
    async () => (await import("./commands/engine.ts")).engine,
  );
  command(
    "explain [code]",
    "what a diagnostic means, with a bad and a good example; without a code, all of them",
    "dlc explain DL3101\ndlc explain shape-mismatch",
    async () => (await import("./commands/explain.ts")).explain,
  );
  command(
    "lsp",
    "the language server: speaks with an editor over stdin and stdout",
    "dlc lsp",
    async () => (await import("./commands/lsp.ts")).lsp,
  ).addOption(
    new Option("--stdio", "what editors say to ask for stdin and stdout; there is no other way").hideHelp(),
  );
  return dlc;
}
