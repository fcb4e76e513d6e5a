/** What stateful operators make of the variables they hold: TensorFlow's `training_ops.cc`, in its order of inputs. */
import type { Attrs } from "../../ops/node.ts";
import { boolAttr } from "../../ops/primitives/primitive.ts";

/** The variables as they were, then the other inputs, to the variables as they become. */
export type Update = (
  variables: readonly Float64Array[],
  rest: readonly Float64Array[],
  attrs: Attrs,
) => readonly Float64Array[];

/** Element by element; scalars are handed over as numbers. */
const elementwise =
  (
    step: (
      held: readonly number[],
      gradient: number,
      scalars: readonly number[],
      nesterov: boolean,
    ) => number[],
    gradientAt: number,
  ): Update =>
  (variables, rest, attrs) => {
    const gradient = rest[gradientAt]!;
    const scalars = rest.filter((_, i) => i !== gradientAt).map((data) => data[0]!);
    const nesterov = boolAttr(attrs, "use_nesterov", false);
    const out = variables.map((data) => new Float64Array(data.length));
    for (let i = 0; i < gradient.length; i++) {
      const next = step(
        variables.map((data) => data[i]!),
        gradient[i]!,
        scalars,
        nesterov,
      );
      for (const [k, value] of next.entries()) out[k]![i] = value;
    }
    return out;
  };

const assign =
  (f: (old: number, value: number) => number): Update =>
  ([old], [value]) => [value!.map((x, i) => f(old?.[i] ?? 0, x))];

export const updates: Readonly<Record<string, Update>> = {
  AssignVariableOp: assign((_, value) => value),
  AssignAddVariableOp: assign((old, value) => old + value),
  AssignSubVariableOp: assign((old, value) => old - value),
  ResourceApplyGradientDescent: elementwise(([w], g, [lr]) => [w! - lr! * g], 1),
  ResourceApplyMomentum: elementwise(([w, a], g, [lr, momentum], nesterov) => {
    const sum = a! * momentum! + g;
    return [nesterov ? w! - (g * lr! + sum * momentum! * lr!) : w! - lr! * sum, sum];
  }, 1),
  ResourceApplyKerasMomentum: elementwise(([w, a], g, [lr, momentum], nesterov) => {
    const sum = a! * momentum! - g * lr!;
    return [nesterov ? w! + sum * momentum! - g * lr! : w! + sum, sum];
  }, 1),
  ResourceApplyAdagradV2: elementwise(([w, a], g, [lr, epsilon]) => {
    const sum = a! + g * g;
    return [w! - (lr! * g) / (Math.sqrt(sum) + epsilon!), sum];
  }, 2),
  ResourceApplyAdadelta: elementwise(([w, a, u], g, [lr, rho, epsilon]) => {
    const sum = a! * rho! + g * g * (1 - rho!);
    const step = (Math.sqrt(u! + epsilon!) / Math.sqrt(sum + epsilon!)) * g;
    return [w! - step * lr!, sum, u! * rho! + step * step * (1 - rho!)];
  }, 3),
  ResourceApplyRMSProp: elementwise(([w, s, m], g, [lr, rho, momentum, epsilon]) => {
    const square = s! + (g * g - s!) * (1 - rho!);
    const move = m! * momentum! + (lr! * g) / Math.sqrt(square + epsilon!);
    return [w! - move, square, move];
  }, 4),
  ResourceApplyAdam: elementwise(([w, m, v], g, [power1, power2, lr, beta1, beta2, epsilon], nesterov) => {
    const alpha = (lr! * Math.sqrt(1 - power2!)) / (1 - power1!);
    const mean = m! + (g - m!) * (1 - beta1!);
    const square = v! + (g * g - v!) * (1 - beta2!);
    const along = nesterov ? g * (1 - beta1!) + beta1! * mean : mean;
    return [w! - (along * alpha) / (Math.sqrt(square) + epsilon!), mean, square];
  }, 6),
};
