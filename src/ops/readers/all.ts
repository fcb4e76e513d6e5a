import type { ReaderOp } from "../reader.ts";
import { idx } from "./idx.ts";
import { imageFolder } from "./image-folder.ts";
import { simulateGalaxies } from "./simulate-galaxies.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const readers: readonly ReaderOp[] = [imageFolder, idx, simulateGalaxies];
