import type { SourceReader } from "../source.ts";
import { csv } from "./csv.ts";
import { fits } from "./fits.ts";
import { hdf5 } from "./hdf5.ts";
import { idx } from "./idx.ts";
import { imageFolder } from "./image-folder.ts";
import { numpy } from "./numpy.ts";
import { parquet } from "./parquet.ts";
import { simulateDegraded } from "./simulate-degraded.ts";
import { simulateGalaxies } from "./simulate-galaxies.ts";
import { simulateLens } from "./simulate-lens.ts";
import { simulateStarGalaxy } from "./simulate-star-galaxy.ts";
import { simulateTransits } from "./simulate-transits.ts";
import { tfrecord } from "./tfrecord.ts";

/** By the names of `ops/readers`. */
export const sourceReaders: Readonly<Record<string, SourceReader>> = {
  image_folder: imageFolder,
  idx,
  csv,
  parquet,
  tfrecord,
  numpy,
  fits,
  hdf5,
  "simulate.galaxies": simulateGalaxies,
  "simulate.star_galaxy": simulateStarGalaxy,
  "simulate.degraded_galaxies": simulateDegraded,
  "simulate.lens": simulateLens,
  "simulate.transits": simulateTransits,
};
