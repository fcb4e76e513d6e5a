/** The tensors that a declared loss or metric takes: among its parameters, those with the type of a tensor. */
import type { NamedDecl, ParameterDecl, PortDecl, TypeExpr } from "../syntax/ast.ts";

/** `f32[N, 5]` and `class[K]` are tensors; `f32`, `int`, `int[S]` are values known while compiling. */
const isTensor = ({ name, lists }: TypeExpr): boolean => {
  const first = lists[0]?.[0];
  return name.text === "class" || (first?.kind === "name" && first.name.text === "N");
};

/** The declaration with its tensors as inputs, as models and blocks have them. */
export function withPorts(declaration: NamedDecl): NamedDecl {
  if (declaration.what !== "loss" && declaration.what !== "metric") return declaration;
  const inputs: PortDecl[] = [];
  const parameters: ParameterDecl[] = [];
  for (const parameter of declaration.parameters) {
    const { name, type, span } = parameter;
    if (type && isTensor(type)) inputs.push({ name, type, span });
    else parameters.push(parameter);
  }
  return { ...declaration, inputs, parameters };
}
