import type { ReaderOp } from "../reader.ts";
import { idx } from "./idx.ts";
import { imageFolder } from "./image-folder.ts";
import { simulateDegraded } from "./simulate-degraded.ts";
import { simulateGalaxies } from "./simulate-galaxies.ts";
import { simulateLens } from "./simulate-lens.ts";
import { simulateStarGalaxy } from "./simulate-star-galaxy.ts";
import { simulateTransits } from "./simulate-transits.ts";
import { tableReaders } from "./tables.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const readers: readonly ReaderOp[] = [
  imageFolder,
  idx,
  ...tableReaders,
  simulateGalaxies,
  simulateStarGalaxy,
  simulateDegraded,
  simulateLens,
  simulateTransits,
];
