import type { SourceReader } from "../source.ts";
import { idx } from "./idx.ts";
import { imageFolder } from "./image-folder.ts";
import { simulateGalaxies } from "./simulate-galaxies.ts";

/** By the names of `ops/readers`. */
export const sourceReaders: Readonly<Record<string, SourceReader>> = {
  image_folder: imageFolder,
  idx,
  "simulate.galaxies": simulateGalaxies,
};
