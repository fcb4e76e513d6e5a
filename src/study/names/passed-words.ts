/** The words of a parameter that a block hands on to another: `bottleneck(c, shortcut: shortcut)`. */
import { declaredType } from "../../check/parameters.ts";
import type { ParameterType } from "../../ops/signature.ts";
import type { Argument, CallExpr, NamedDecl } from "../../syntax/ast.ts";
import { childrenOf } from "../../syntax/children.ts";
import { definitionAt } from "./meaning.ts";
import { find, type NameScope } from "./scope.ts";

/** The type of a parameter; of a word that is handed on, also the words that it is compared with there. */
export function passedType(owner: NamedDecl, name: string): ParameterType | undefined {
  const parameter = owner.parameters.find((each) => each.name.text === name);
  if (!parameter) return undefined;
  const type = declaredType(owner, parameter);
  if (type.kind !== "label") return type;
  const words = wordsOf(owner, name, new Set());
  return words.size > 0 ? { kind: "union", of: [{ kind: "word", words: [...words] }, type] } : type;
}

function wordsOf(owner: NamedDecl, name: string, seen: Set<NamedDecl>): ReadonlySet<string> {
  const words = new Set<string>();
  const parameter = owner.parameters.find((each) => each.name.text === name);
  if (!parameter || seen.has(owner)) return words;
  seen.add(owner);
  const type = declaredType(owner, parameter);
  if (type.kind === "word") for (const word of type.words) words.add(word);
  if (type.kind !== "label") return words;
  if (parameter.default?.kind === "name") words.add(parameter.default.name.text);
  // Where the owner was looked up it was given its scope.
  const scope = definitionAt(owner.name, () => ({ kind: owner.what, declaration: owner })).scope;
  if (scope && owner.body) collect(owner.body, scope);
  return words;

  function collect(node: object, scope: NameScope): void {
    if ("kind" in node && node.kind === "call") {
      const { callee, arguments: given } = node as CallExpr;
      const called = callee.kind === "name" ? find(scope, callee.name.text)?.declaration : undefined;
      if (called)
        for (const argument of given)
          if (handsOn(argument))
            for (const word of wordsOf(called, argument.name!.text, seen)) words.add(word);
    }
    for (const child of childrenOf(node)) collect(child, scope);
  }

  function handsOn({ name: to, value }: Argument): boolean {
    return to !== undefined && value.kind === "name" && value.name.text === name;
  }
}
