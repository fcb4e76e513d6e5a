/** Drawing from ranges. */
import type { RandomSource } from "../../ops/philox.ts";
import type { Json } from "../../ops/signature.ts";

export interface Range {
  readonly from: number;
  readonly to: number;
}

export const rangeOf = (value: Json | undefined): Range => value as unknown as Range;

export const uniformIn = (random: RandomSource, { from, to }: Range): number =>
  from + (to - from) * random.uniform();

export const logUniformIn = (random: RandomSource, { from, to }: Range): number =>
  from * (to / from) ** random.uniform();
