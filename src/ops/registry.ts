/** Every operator of the language, by family and name. */

import { augmentSteps } from "./augment/all.ts";
import type { AugmentOp } from "./augment.ts";
import { learners } from "./classic/all.ts";
import type { InitializerOp } from "./initializer.ts";
import { initializers } from "./initializers/all.ts";
import type { LayerOp } from "./layer.ts";
import { layers } from "./layers/all.ts";
import type { LossOp } from "./loss.ts";
import { losses } from "./losses/all.ts";
import type { MetricOp } from "./metric.ts";
import { metrics } from "./metrics/all.ts";
import type { OptimizerOp } from "./optimizer.ts";
import { optimizers } from "./optimizers/all.ts";
import { prepareSteps } from "./prepare/all.ts";
import type { PrepareOp } from "./prepare.ts";
import { profiles } from "./profiles/all.ts";
import type { ReaderOp } from "./reader.ts";
import { readers } from "./readers/all.ts";
import type { ScheduleOp } from "./schedule.ts";
import { schedules } from "./schedules/all.ts";
import type { Family, Signature } from "./signature.ts";
import type { SplitOp } from "./split.ts";
import { splits } from "./splits/all.ts";
import { studyOperators } from "./study/all.ts";

interface Kinds {
  layer: LayerOp;
  loss: LossOp;
  optimizer: OptimizerOp;
  schedule: ScheduleOp;
  metric: MetricOp;
  cost: MetricOp;
  reader: ReaderOp;
  split: SplitOp;
  prepare: PrepareOp;
  augment: AugmentOp;
  initializer: InitializerOp;
}

type Operator<F extends Family> = F extends keyof Kinds ? Kinds[F] : Signature;

/** All operators, in the order of their families. A name may stand in two families (`flatten` is a layer and a step of `prepare`). */
export const operators: readonly Signature[] = [
  ...readers,
  ...splits,
  ...prepareSteps,
  ...augmentSteps,
  ...layers,
  ...initializers,
  ...losses,
  ...optimizers,
  ...schedules,
  ...metrics,
  ...learners,
  ...studyOperators,
  ...profiles,
];

const families = new Map<Family, Map<string, Signature>>();
for (const operator of operators) {
  const family = families.get(operator.family) ?? new Map<string, Signature>();
  if (family.has(operator.name)) throw new Error(`${operator.family} ${operator.name} is defined twice`);
  families.set(operator.family, family.set(operator.name, operator));
}

export function findOperator<F extends Family>(family: F, name: string): Operator<F> | undefined {
  return families.get(family)?.get(name) as Operator<F> | undefined;
}

/** For names that have been checked. */
export function operatorOf<F extends Family>(family: F, name: string): Operator<F> {
  const found = findOperator(family, name);
  if (!found) throw new Error(`there is no ${family} ${name}`);
  return found;
}

export function operatorNames(family: Family): readonly string[] {
  return [...(families.get(family)?.keys() ?? [])];
}
