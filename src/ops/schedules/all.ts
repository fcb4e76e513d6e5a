import type { ScheduleOp } from "../schedule.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const schedules: readonly ScheduleOp[] = [];
