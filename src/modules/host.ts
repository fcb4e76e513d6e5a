/** What everything up to `study/` sees of the world. The CLI, the language server, tests and a browser each bring one. */
export interface Host {
  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined;
  /** `relative` as seen from the folder of the file `from`; a path for `read`. */
  resolve(from: string, relative: string): string;
  /** The text of a module of the standard library: `vision` for `std.vision`. */
  standard(module: string): string | undefined;
  /** `vision`, `recipes`, ...: for suggestions. */
  readonly standardModules: readonly string[];
}
