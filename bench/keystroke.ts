/**
 * How long an editor waits for a key: a study of 500 lines with five networks and a sweep, one character changed in the middle,
 * until the diagnostics and the hover of the line are there, from some seconds after the file was opened on. Through the functions, and over stdin and stdout of `dlc lsp`.
 */
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { diskHost } from "../src/cli/host.ts";
import { packageRoot } from "../src/cli/root.ts";
import { hover } from "../src/lsp/hover.ts";
import { inlays } from "../src/lsp/inlays.ts";
import { createWorkspace } from "../src/lsp/workspace.ts";

const keys = Number(process.env.KEYS ?? 100);
const limit = 50; // milliseconds
/** Between opening a file and the first key in it. */
const reading = 3000; // milliseconds

/** The study with `kernel: 3` or `kernel: 5` in the middle: every key changes a network. */
function study(kernel: number): string {
  const stages = Array.from(
    { length: 30 },
    (_, i) => `  branch main${i} {
    conv_bn_relu(${i < 15 ? "width" : "2 * width"}, kernel: ${i === 15 ? kernel : 3})
    conv(${i < 15 ? "width" : "2 * width"}, kernel: 1)
    batch_norm
  }
  conv(${i < 15 ? "width" : "2 * width"}, kernel: 1)
  it + main${i}
  relu`,
  ).join("\n");
  const blocks = Array.from(
    { length: 30 },
    (_, i) => `/// A block of its own, number ${i}.
block part${i}(c: int, kernel: int = 3) : f32[N, H, W, A] -> f32[N, H, W, c] {
  conv(c, kernel: kernel)
  relu
}
`,
  ).join("\n");
  return `edition 2026

import std.vision { conv_bn_relu, residual }

data galaxies {
  source = simulate.galaxies(count: 900, size: 32 px, bands: [Y, J, H], classes: [star, spiral],
    pixel: 0.3 arcsec, fwhm: 0.5 arcsec, magnitude: 18 .. 23, seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[2] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
}

${blocks}
model deep(width: int = 16) : f32[N, H, W, C] -> f32[N, K] {
${stages}
  part7(width)
  global_avg_pool
  dense(K)
}

model shallow(width: int = 16) : f32[N, H, W, C] -> f32[N, K] {
${Array.from({ length: 20 }, (_, i) => `  part${i}(width)`).join("\n")}
  global_avg_pool
  dense(K)
}

recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 3e-3)
  schedule = cosine(warmup: 1 epoch)
  batch = 32
  length = 8 epochs
}

experiment depth {
  data = galaxies
  recipe = short
  vary model over { deep: deep(16), wide: deep(24), shallow: shallow(16), broad: shallow(32), small: deep(8) }
  vary recipe.optimizer.lr over grid(1e-3, 3e-3, 1e-2)
  repeat seed over 1 .. 8
  choose recipe.optimizer.lr by max(valid.accuracy) per model
  report test.accuracy as mean_ci(95%)
  compare deep - shallow on test.accuracy paired by seed
}
`;
}

const text = study(3);
const at = text.indexOf("kernel: 3)", text.indexOf("main15"));
const before = text.slice(0, at + "kernel: ".length);
const position = {
  line: before.split("\n").length - 1,
  character: before.length - before.lastIndexOf("\n") - 1,
};
const kernels = [5, 3, 7, 9];

/** Milliseconds that this process has computed: on a busy machine the clock tells of the others too. */
const computed = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function summarise(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const of = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  const late = sorted[Math.floor(0.95 * sorted.length)]! > limit ? `   over ${limit} ms` : "";
  console.log(`${name.padEnd(34)} median ${of(0.5)} ms   95 % ${of(0.95)} ms   most ${of(1)} ms${late}`);
}

function throughFunctions(): void {
  const path = join(packageRoot, "keystroke.dl");
  let now = text;
  const workspace = createWorkspace({
    ...diskHost,
    standardModules: diskHost.standardModules,
    read: (other) => (other === path ? now : diskHost.read(other)),
  });
  const times: number[] = [];
  const work: number[] = [];
  for (let key = 0; key < keys; key++) {
    const start = performance.now();
    const before = computed();
    now = study(kernels[key % kernels.length]!);
    workspace.changed(path);
    const analysis = workspace.analysis(path);
    const found = hover(analysis, at);
    if (analysis.diagnostics.some(({ severity }) => severity === "error") || !found)
      throw new Error(`${analysis.diagnostics[0]?.message}`);
    times.push(performance.now() - start);
    work.push(computed() - before);
    if (inlays(analysis).length < 100) throw new Error("no shapes");
  }
  summarise("functions, first key", times.slice(0, 1));
  summarise("functions", times.slice(20));
  summarise("functions, processor time", work.slice(20));
}

async function overStdio(): Promise<void> {
  const server = spawn(process.execPath, [
    "-e",
    `require(${JSON.stringify(join(packageRoot, "setup", "command.cjs"))}).load(${JSON.stringify(join(packageRoot, "dist"))}).main(["lsp"])`,
  ]);
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  let arrived: (version: number) => void = () => {};
  connection.onNotification("textDocument/publishDiagnostics", ({ version }: { version: number }) =>
    arrived(version),
  );
  connection.listen();
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  const uri = "file:///keystroke.dl";
  const told = (version: number) =>
    new Promise<void>((resolve) => {
      arrived = (is) => is === version && resolve();
    });
  const opened = told(1);
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "dlc", version: 1, text },
  });
  await opened;
  await setTimeout(reading);
  const times: number[] = [];
  for (let key = 0; key < keys; key++) {
    const version = key + 2;
    const start = performance.now();
    const diagnostics = told(version);
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [
        {
          range: { start: position, end: { ...position, character: position.character + 1 } },
          text: String(kernels[key % kernels.length]),
        },
      ],
    });
    const [found] = await Promise.all([
      connection.sendRequest("textDocument/hover", {
        textDocument: { uri },
        position: { ...position, character: position.character - 3 },
      }),
      diagnostics,
    ]);
    if (!found) throw new Error("no hover");
    times.push(performance.now() - start);
  }
  summarise("stdin and stdout, first key", times.slice(0, 1));
  summarise("stdin and stdout", times.slice(20));
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  connection.dispose();
}

console.log(
  `${text.split("\n").length - 1} lines, ${keys} keys, ${cpus()[0]?.model ?? "unknown"}; edit -> diagnostics and hover`,
);
throughFunctions();
await overStdio();
