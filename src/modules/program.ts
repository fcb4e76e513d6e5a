/** All files that a study consists of, parsed and with their imports resolved. */
import type { File, LetStatement, NamedDecl } from "../syntax/ast.ts";

export interface Module {
  readonly file: File;
  /** Declarations of other modules by the name they have here: `import std.vision { residual }`. */
  readonly imports: ReadonlyMap<
    string,
    { readonly module: Module; readonly declaration: NamedDecl | LetStatement }
  >;
  /** Modules of `std` that the file names by their path: `recipes` for `std.recipes.quick`. */
  readonly standard: ReadonlyMap<string, Module>;
}

export interface Program {
  /** The file that was asked for. */
  readonly main: Module;
  /** Every module, imported ones first; the standard library where it is used. */
  readonly modules: readonly Module[];
}

/** The path that a module of the standard library goes by. */
export function standardFile(module: string): string {
  return `std/${module}.dl`;
}

export function isStandardFile(path: string): boolean {
  return path.startsWith("std/");
}
