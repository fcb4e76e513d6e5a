/** `dlc run` of the tiny study as a process of its own, which tests may kill: `orchestrate.js FOLDER WORKER EPOCHS`. */
import { join } from "node:path";
import { runTiny, tinyData, tinyPlan } from "./tiny-study.ts";

const [folder, worker, epochs] = process.argv.slice(2) as [string, string, string];
const stop = new AbortController();
process.on("SIGINT", () => stop.abort());
const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: Number(epochs) } });
const { end } = await runTiny(plan, folder, worker, {
  signal: stop.signal,
  onEvent: (event) => console.log(JSON.stringify(event)),
});
console.log(JSON.stringify({ type: "end", end }));
