import type { Signature } from "../signature.ts";
import { axes } from "./axes.ts";
import { checkpoints } from "./checkpoints.ts";
import { intervals } from "./intervals.ts";
import { pruners, searches } from "./searches.ts";
import { averages, clips, starts } from "./weights.ts";

/** Axes, searches, intervals, `early`, `best`, `from`: operators that only the study reads. */
export const studyOperators: readonly Signature[] = [
  ...axes,
  ...searches,
  ...pruners,
  ...intervals,
  ...checkpoints,
  ...starts,
  ...clips,
  ...averages,
];
