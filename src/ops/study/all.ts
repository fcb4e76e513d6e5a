import type { Signature } from "../signature.ts";
import { axes } from "./axes.ts";
import { checkpoints } from "./checkpoints.ts";
import { intervals } from "./intervals.ts";

/** Axes, intervals, `early`, `best`: operators that only the study reads. */
export const studyOperators: readonly Signature[] = [...axes, ...intervals, ...checkpoints];
