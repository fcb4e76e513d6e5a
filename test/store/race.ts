/** A process that races others for keys, and may die on the way: `race.js RUNS MODE KEY...`. */
import { jsonBytes } from "../../src/store/canonical.ts";
import { layout } from "../../src/store/layout.ts";
import { endLease, takeLease } from "../../src/store/leases.ts";
import { publish, readIfThere } from "../../src/store/publish.ts";
import { closeWriter, lifeOf, openWriter } from "../../src/store/writer.ts";

const [runs, mode, ...keys] = process.argv.slice(2) as [string, string, ...string[]];
const writer = openWriter(runs);
const exec = "e".repeat(64);

for (const key of keys) {
  const slot = layout.slot(runs, key, exec);
  if (mode === "publish") {
    const won = publish(writer, jsonBytes({ by: writer.id }), slot) === "ours";
    console.log(`${key} ${won ? writer.id : "-"}`);
    continue;
  }
  const taken = takeLease(
    writer,
    key,
    "run",
    (fence) => `run/trials/0001-${key.slice(0, 8)}/attempts/${fence}-${writer.id}`,
    () => readIfThere(slot) !== undefined,
    (holder) => lifeOf(holder) === "dead",
  );
  console.log(`${key} ${taken.state}`);
  if (mode === "die" && taken.state === "taken") process.kill(process.pid, "SIGKILL");
  if (taken.state !== "taken") continue;
  publish(writer, jsonBytes({ by: writer.id }), slot);
  endLease(writer, key, taken.fence);
}
closeWriter(writer);
