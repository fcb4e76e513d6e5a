import type { Signature } from "../signature.ts";

/** Axes, intervals, `early`, `best`: operators that only the study reads. */
export const studyOperators: readonly Signature[] = [];
