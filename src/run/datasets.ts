/** The datasets of a plan, each read once. */
import type { Dataset } from "../data/dataset.ts";
import { diagnose } from "../data/diagnose.ts";
import { DataError } from "../data/error.ts";
import { cachedDataset, loadDataset } from "../data/load.ts";
import { canonicalJson } from "../store/canonical.ts";
import type { DataSpec, Plan } from "../study/plan.ts";
import { showCount } from "../text/count.ts";
import type { RunEvent } from "./events.ts";

export interface Datasets {
  of(data: DataSpec): Dataset;
  all(): readonly Dataset[];
  /** They are large: dropped when the keys are made. */
  drop(): void;
}

interface LoadingOptions {
  readonly cacheFolder: string;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** Undefined when the user asked to stop meanwhile. Throws a `Problem` for data that is missing or damaged. */
export async function loadDatasets(plan: Plan, options: LoadingOptions): Promise<Datasets | undefined> {
  const { cacheFolder, onEvent, signal } = options;
  try {
    const datasets = await gather(plan, async (data) => {
      const dataset = await loadDataset(data, {
        cache: cacheFolder,
        signal,
        onStage: (name, done, of, unit) => onEvent({ type: "stage", name, done, of, unit }),
        onNote: (text) => onEvent({ type: "note", text }),
      });
      onEvent({ type: "data", name: data.name, text: describeDataset(dataset) });
      return dataset;
    });
    return signal.aborted ? undefined : datasets;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Undefined where one was not prepared before. Throws a `Problem` for data that is missing. */
export function cachedDatasets(plan: Plan, cacheFolder: string): Promise<Datasets | undefined> {
  return gather(plan, (data) => cachedDataset(data, cacheFolder));
}

async function gather<D extends Dataset | undefined>(
  plan: Plan,
  load: (data: DataSpec) => Promise<D>,
): Promise<Datasets | (D & undefined)> {
  const byContent = new Map<string, Dataset>();
  const bySpec = new Map<DataSpec, Dataset>();
  for (const { data } of plan.trials) {
    if (bySpec.has(data)) continue;
    const content = canonicalJson(data);
    const dataset = byContent.get(content) ?? (await placed(plan, data, () => load(data)));
    if (!dataset) return undefined as D & undefined;
    byContent.set(content, dataset);
    bySpec.set(data, dataset);
  }
  return {
    of: (data) => bySpec.get(data)!,
    all: () => [...byContent.values()],
    drop() {
      byContent.clear();
      bySpec.clear();
    },
  };
}

/** What is wrong with the data is told at its line of the study. */
export async function placed<T>(plan: Plan, data: DataSpec, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const places = plan.places?.data[data.name];
    throw error instanceof DataError && places ? diagnose(error, data, places) : error;
  }
}

/** `1,800 rows, image f32[32, 32, 3]   train 1,260  valid 270  test 270` */
function describeDataset({ count, fields, rows }: Dataset): string {
  const inputs = Object.values(fields)
    .filter(({ role }) => role === "input")
    .map(
      ({ name, type, shape }) =>
        `${name} ${type.kind === "tensor" ? type.dtype : "class"}[${shape.join(", ")}]`,
    );
  const parts = (["train", "valid", "test"] as const).map(
    (split) => `${split} ${showCount(rows[split].length)}`,
  );
  return `${showCount(count)} rows, ${inputs.join(", ")}   ${parts.join("  ")}`;
}
