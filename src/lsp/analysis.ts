/** Everything that is known of one file while it is edited. */
import type { Trace } from "../check/trace.ts";
import { createReporter, type Diagnostic, hasErrors, type Reporter } from "../diagnostics/diagnostic.ts";
import type { ParseFile } from "../modules/keep-parsed.ts";
import { readProgram } from "../modules/load.ts";
import type { Module, Program } from "../modules/program.ts";
import type { FieldType } from "../ops/field.ts";
import { bindNames } from "../study/names/bind.ts";
import type { Occurrence } from "../study/names/meaning.ts";
import type { Plan } from "../study/plan.ts";
import { planProgram } from "../study/plan-study.ts";
import type { StudyHost } from "../study/source-columns.ts";
import type { Declaration, NamedDecl, Statement } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import type { TensorType } from "../types/tensor.ts";
import { type Cost, costOf } from "./cost.ts";

/** A statement of a body as it was expanded in one network: what it left each time, and what its layers cost together. */
export interface Expanded {
  readonly types: (TensorType | undefined)[];
  cost: Cost;
}

export interface Analysis {
  readonly path: string;
  readonly host: StudyHost;
  readonly program: Program;
  /** The file itself. */
  readonly module: Module;
  /** Every file and name that is imported is there. */
  readonly isWhole: boolean;
  /** As `dlc check` gives them, in this file and in those that it imports. */
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined where there are errors. */
  readonly plan: Plan | undefined;
  /** Of each statement that was expanded, one entry for each network. */
  readonly expanded: ReadonlyMap<Statement, readonly Expanded[]>;
  /** The type of each field after a step of `prepare`, `augment` or `evaluate`. */
  readonly steps: ReadonlyMap<Statement, ReadonlyMap<string, FieldType>>;
  readonly trainings: ReadonlyMap<NamedDecl, number>;
  /** Every name of a module of the program with what it stands for, in the order of the text. */
  names(module?: Module): readonly Occurrence[];
  /** Those of one declaration. */
  namesIn(declaration: Declaration, module?: Module): readonly Occurrence[];
}

/**
 * Reads a file and what it imports; checks it when that is first asked for. Works on any text: what is mistaken is reported, and what is left of it is known
 * as far as it goes.
 */
export function analyse(path: string, host: StudyHost, parseFile: ParseFile = parse): Analysis {
  const reporter = createReporter();
  const { program, sound } = readProgram(path, host, reporter, parseFile);
  return new Read(path, host, program, sound, reporter);
}

/** A class: getters of an object literal, and all that they see, V8 keeps until it collects the whole heap. At every key that adds up. */
class Read implements Analysis {
  private found: (Pick<Analysis, "diagnostics" | "plan"> & Traced) | undefined;
  private readonly bound = new Map<Declaration, readonly Occurrence[]>();

  constructor(
    readonly path: string,
    readonly host: StudyHost,
    readonly program: Program,
    readonly isWhole: boolean,
    private readonly reporter: Reporter,
  ) {}

  get module() {
    return this.program.main;
  }
  get diagnostics() {
    return this.checked().diagnostics;
  }
  get plan() {
    return this.checked().plan;
  }
  get expanded() {
    return this.checked().expanded;
  }
  get steps() {
    return this.checked().steps;
  }
  get trainings() {
    return this.checked().trainings;
  }

  private checked() {
    if (this.found) return this.found;
    const { program, host, reporter, isWhole } = this;
    const { trace, ...traced } = record();
    // After a mistake in the syntax nothing more is told, but what can be known is.
    const clean = isWhole && !hasErrors(reporter.diagnostics);
    const planned = planProgram(program, { host, reporter: clean ? reporter : createReporter(), trace });
    this.found = {
      ...traced,
      plan: clean ? planned?.plan : undefined,
      diagnostics: reporter.diagnostics,
    };
    return this.found;
  }

  names(module = this.module) {
    return module.file.declarations.flatMap((declaration) => this.namesIn(declaration, module));
  }
  namesIn(declaration: Declaration, module = this.module) {
    const context = { host: this.host, reporter: createReporter() };
    const known = this.bound.get(declaration) ?? bindNames(declaration, module, this.program, context);
    this.bound.set(declaration, known);
    return known;
  }
}

type Traced = Pick<Analysis, "expanded" | "steps" | "trainings">;

/** Keeps what the passes tell on their way. */
function record(): { readonly trace: Trace } & Traced {
  const expanded = new Map<Statement, Expanded[]>();
  const steps = new Map<Statement, Map<string, FieldType>>();
  const trainings = new Map<NamedDecl, number>();
  /** The list of layers stands for its network. */
  const networks = new Map<object, Map<Statement, Expanded>>();
  return {
    expanded,
    steps,
    trainings,
    trace: {
      statement(statement, left, layers, from) {
        const network = networks.get(layers) ?? new Map<Statement, Expanded>();
        networks.set(layers, network);
        const known = network.get(statement);
        const cost = costOf(layers, from);
        if (known) {
          known.types.push(left);
          known.cost = {
            parameters: known.cost.parameters + cost.parameters,
            macs: known.cost.macs + cost.macs,
          };
          return;
        }
        const made: Expanded = { types: [left], cost };
        network.set(statement, made);
        expanded.set(statement, [...(expanded.get(statement) ?? []), made]);
      },
      step(statement, field, type) {
        steps.set(statement, (steps.get(statement) ?? new Map<string, FieldType>()).set(field, type));
      },
      trainings: (experiment, count) => void trainings.set(experiment, count),
    },
  };
}
