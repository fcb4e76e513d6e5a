/** Types of fields as they are written: `u8[299, 299, 3]`, `u8[H, W, 3]`, `class[4]`, `f32`. */
import { evaluate } from "../check/evaluate.ts";
import type { Scope } from "../check/scope.ts";
import { type FieldType, shapeOfField } from "../ops/field.ts";
import { isPixelLabels } from "../ops/pixel-labels.ts";
import type { Expr, TypeExpr } from "../syntax/ast.ts";
import type { DType } from "../types/tensor.ts";
import type { StudyContext } from "./context.ts";
import { badFieldType } from "./diagnostics.ts";
import { suggestion } from "./suggestion.ts";

const dtypes: Readonly<Record<string, DType>> = {
  f32: "f32",
  f64: "f64",
  i32: "i32",
  i64: "i64",
  u64: "u64",
  u8: "u8",
  bool: "bool",
  int: "i64",
};

/** Undefined after a report. A batch `N` in front is an error: the type is that of one row. */
export function fieldType(type: TypeExpr, scope: Scope, context: StudyContext): FieldType | undefined {
  const { name, lists } = type;
  if (name.text === "string") {
    if (lists.length === 0) return { kind: "string" };
    context.reporter.report(
      badFieldType,
      { problem: "a string is one name a row, without sizes" },
      type.span,
    );
    return undefined;
  }
  if (name.text === "class") {
    const sole = lists[0]?.length === 1 ? lists[0][0] : undefined;
    const count = sole && size(sole, scope, context);
    const [, places] = lists;
    const shape = places && sizes(places, scope, context);
    if (places && !shape) return undefined;
    if (lists.length > 2) {
      context.reporter.report(
        badFieldType,
        { problem: "a class of pixels has one list of sizes" },
        type.span,
        {
          hint: "write the number of classes, then the sizes: `class[4][64, 64]`",
        },
      );
      return undefined;
    }
    if (typeof count === "number" && count >= 2)
      return shape ? { kind: "class", count, shape } : { kind: "class", count };
    if (!sole || count !== undefined)
      context.reporter.report(
        badFieldType,
        { problem: "a class needs the number of its values, 2 or more" },
        type.span,
        {
          hint:
            lists[0] && lists[0].length > 1
              ? `write \`class[${lists[0].length}]\`: names come from the data, or from \`in ["a", "b"]\``
              : "write `class[4]` for four classes",
        },
      );
    return undefined;
  }
  const dtype = dtypes[name.text];
  if (!dtype) {
    context.reporter.report(badFieldType, { problem: `there is no type \`${name.text}\`` }, name.span, {
      ...suggestion(name, ["f32", "u8", "int", "class", "bool", "string", "f64", "i32", "i64"]),
    });
    return undefined;
  }
  if (lists.length > 1) {
    context.reporter.report(badFieldType, { problem: "a type has one list of sizes" }, type.span);
    return undefined;
  }
  const shape = sizes(lists[0] ?? [], scope, context);
  return shape && { kind: "tensor", dtype, shape };
}

/** Undefined after a report. */
function sizes(
  list: readonly Expr[],
  scope: Scope,
  context: StudyContext,
): readonly (number | string)[] | undefined {
  const shape = list.map((expr) => size(expr, scope, context));
  if (shape[0] === "N") {
    context.reporter.report(
      badFieldType,
      { problem: "the type of a field is that of one row, without the batch `N`" },
      list[0]!.span,
      { hint: "leave out `N`" },
    );
    return undefined;
  }
  return shape.some((dim) => dim === undefined) ? undefined : (shape as (number | string)[]);
}

/** A whole number of 1 or more, or an upper-case name for a size that varies from row to row. */
function size(expr: Expr, scope: Scope, context: StudyContext): number | string | undefined {
  if (expr.kind === "name" && /^[A-Z]/.test(expr.name.text)) return expr.name.text;
  const value = evaluate(expr, scope, context, { kind: "int", min: 1 });
  if (!value) return undefined;
  if (value.kind === "number" && value.whole && value.value >= 1) return value.value;
  context.reporter.report(
    badFieldType,
    { problem: "a size is a whole number of 1 or more, or an upper-case name" },
    expr.span,
  );
  return undefined;
}

/** A name for a size agrees with any number. Labels of pixels may be kept as whole numbers or as f32. */
export function agree(written: FieldType, found: FieldType): boolean {
  const sizes = shapeOfField(found);
  // An image of one channel has an axis more than its labels.
  const plain = isPixelLabels(written) && sizes.length === 3 && sizes[2] === 1 ? sizes.slice(0, 2) : sizes;
  if (!sameSizes(shapeOfField(written), plain)) return false;
  if (written.kind === "class" && found.kind === "class") return written.count === found.count;
  if (written.kind === "class") return isPixelLabels(written);
  // Names of a source are its classes.
  if (written.kind === "string") return found.kind !== "tensor";
  return found.kind === "tensor" && written.dtype === found.dtype;
}

function sameSizes(written: readonly (number | string)[], found: readonly (number | string)[]): boolean {
  return (
    written.length === found.length &&
    written.every((dim, i) => {
      const other = found[i];
      return typeof dim === "string" || typeof other === "string" || dim === other;
    })
  );
}
