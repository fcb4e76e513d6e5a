/** Weights of classes that a loss takes from the data: `cross_entropy(weight: balanced)`. */
import type { Layer } from "../check/network.ts";
import type { Dataset, FieldData } from "../data/dataset.ts";
import { Problem, placedProblem } from "../diagnostics/problem.ts";
import type { OpCall } from "../ops/signature.ts";
import { dataDiffer } from "../study/diagnostics.ts";
import type { RecipeSpec } from "../study/plan.ts";
import type { Span } from "../text/source.ts";
import { elementCount } from "../types/tensor.ts";

/**
 * The trial with `balanced` replaced by numbers, one for each class: n / (K n_k), counted in the train split. Throws a `Problem`
 * where a class has no row there.
 */
export function withClassWeights<T extends { readonly recipe: RecipeSpec }>(trial: T, dataset: Dataset): T {
  const isBalanced = ({ parameters }: Layer) => parameters.weight === "balanced";
  if (!trial.recipe.objectives.some(({ loss }) => loss.layers.some(isBalanced))) return trial;
  const objectives = trial.recipe.objectives.map((objective) => {
    const { loss } = objective;
    const layers = loss.layers.map((layer) => {
      if (!isBalanced(layer)) return layer;
      const leaf = loss.leaves[-1 - layer.inputs[1]!];
      const target = leaf && "field" in leaf ? dataset.fields[leaf.field] : undefined;
      if (!target) throw new Error("balanced weights are of a class");
      return { ...layer, ...weighted(layer, target, dataset) };
    });
    return { ...objective, loss: { ...loss, layers } };
  });
  return { ...trial, recipe: { ...trial.recipe, objectives } };
}

function weighted(
  { op, parameters, span }: OpCall & { readonly span: Span },
  { name, type, shape, data, classes }: FieldData,
  dataset: Dataset,
): OpCall {
  if (type.kind !== "class") throw new Error("balanced weights are of a class");
  const { train } = dataset.rows;
  const counts = new Array<number>(type.count).fill(0);
  // Each pixel counts where pixels have labels.
  const each = elementCount(shape);
  for (const row of train) for (let i = row * each; i < (row + 1) * each; i++) counts[Number(data[i]!)]! += 1;
  const none = counts.indexOf(0);
  if (none >= 0) {
    const problem = `the train split of ${dataset.name} has no row of ${name} \`${classes?.[none] ?? none}\`, so \`weight: balanced\` cannot weigh it`;
    const hint = "use `split = stratified(...)`, or give the weights as a list";
    throw span.start < span.end
      ? placedProblem(dataDiffer, { problem }, span, { hint })
      : new Problem(problem, hint);
  }
  const weight = counts.map((count) => (train.length * each) / (type.count * count));
  return { op, parameters: { ...parameters, weight } };
}
