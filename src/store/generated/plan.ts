/* Generated from grammar/schemas/plan.json by setup/generate.mjs. */

export type FieldType =
  | {
      kind: "tensor";
      dtype: Dtype;
      shape: (number | string)[];
    }
  | {
      kind: "string";
    }
  | {
      kind: "class";
      count: number;
      shape?: (number | string)[];
      bool?: true;
    };
export type Dtype = "f32" | "f64" | "i32" | "i64" | "u64" | "u8" | "bool";
export type FieldExprRecord =
  | {
      source: string;
    }
  | {
      number: number;
    }
  | {
      text: string;
    }
  | {
      list: FieldExprRecord[];
    }
  | {
      operator: string;
      left: FieldExprRecord;
      right: FieldExprRecord;
    };
export type MeasureRecord =
  | {
      kind: "pair";
      output: FormulaRecord;
      target: FormulaRecord;
      field: string | null;
    }
  | {
      kind: "own";
      value: FormulaRecord;
      field: string | null;
    };

/**
 * The expanded plan of a run: plan.json. Trials refer to data, networks, recipes and formulas by index.
 */
export interface PlanRecord {
  format: "dlc.plan/2";
  study: string;
  question: string | null;
  data: DataRecord[];
  networks: NetworkRecord[];
  recipes: RecipeRecord[];
  /**
   * Predictions by label, or ways to measure by the name of the metric.
   */
  formulas: {
    [k: string]: FormulaRecord | MeasureRecord;
  }[];
  experiments: ExperimentRecord[];
  trials: TrialEntry[];
}
export interface DataRecord {
  name: string;
  source: CallRecord;
  fields: {
    role: "input" | "target" | "group" | "weight" | "id" | "keep";
    name: string;
    type: FieldType;
    value: FieldExprRecord;
    where: FieldExprRecord | null;
  }[];
  split: CallRecord;
  prepare: SectionRecord[];
  augment: SectionRecord[];
  evaluate: SectionRecord[];
  prepared: {
    [k: string]: FieldType;
  };
  fed: {
    [k: string]: FieldType;
  };
}
export interface CallRecord {
  op: string;
  parameters: {
    [k: string]: unknown;
  };
}
export interface SectionRecord {
  fields: string[];
  steps: CallRecord[];
}
export interface NetworkRecord {
  model: string;
  inputs: {
    name: string;
    field: string | null;
    type: {
      dtype: Dtype;
      shape: (number | "N")[];
    };
  }[];
  outputs: {
    name: string;
    tensor: number;
    type: {
      dtype: Dtype;
      shape: (number | "N")[];
    };
  }[];
  layers: {
    id: number;
    op: string;
    parameters: {
      [k: string]: unknown;
    };
    inputs: number[];
    output: {
      dtype: Dtype;
      shape: (number | "N")[];
    };
    weights: {
      name: string;
      shape: number[];
      trainable: boolean;
      decays: boolean;
      init:
        | {
            kind: "constant";
            value: number;
          }
        | {
            kind: "he_uniform";
            fanIn: number;
          }
        | {
            kind: "glorot_uniform";
            fanIn: number;
            fanOut: number;
          }
        | {
            kind: "uniform";
            limit: number;
          }
        | {
            kind: "normal";
            deviation: number;
          }
        | {
            kind: "orthogonal";
            gain: number;
          }
        | {
            kind: "parts";
            values: number[];
          };
    }[];
    macs: number;
    path: string;
  }[];
}
export interface RecipeRecord {
  objectives: ObjectiveRecord[];
  batch: number;
  length:
    | {
        epochs: number;
      }
    | {
        steps: number;
      }
    | {
        seconds: number;
      };
  stop: CallRecord | null;
  keep:
    | {
        kind: "last";
      }
    | {
        kind: "best";
        metric: MetricRecord;
        goal: "max" | "min";
      };
  precision?: string;
  init?: CallRecord;
  average?: CallRecord;
  freeze?: string | string[];
}
export interface ObjectiveRecord {
  name: string;
  trains: string[];
  loss: FormulaRecord;
  optimizer: CallRecord;
  schedule: CallRecord | null;
  clip: CallRecord | null;
  every: number;
}
export interface FormulaRecord {
  leaves: (
    | {
        field: string;
      }
    | {
        network: string;
        output: string;
        inputs: number[];
      }
    | {
        prediction: string;
      }
  )[];
  layers: {
    id: number;
    op: string;
    parameters: {
      [k: string]: unknown;
    };
    inputs: number[];
    output: {
      dtype: Dtype;
      shape: (number | "N")[];
    };
    weights: {
      name: string;
      shape: number[];
      trainable: boolean;
      decays: boolean;
      init:
        | {
            kind: "constant";
            value: number;
          }
        | {
            kind: "he_uniform";
            fanIn: number;
          }
        | {
            kind: "glorot_uniform";
            fanIn: number;
            fanOut: number;
          };
    }[];
    macs: number;
    path: string;
    family?: "loss";
  }[];
  result: number;
  type: {
    dtype: Dtype;
    shape: (number | "N")[];
  };
  text: string;
}
export interface MetricRecord {
  split: "train" | "valid" | "test" | "cost";
  metric: string;
  parameters: {
    [k: string]: unknown;
  };
  on?: string[];
}
export interface ExperimentRecord {
  name: string;
  doc: string | null;
  factors: FactorRecord[];
  replicates: FactorRecord[];
  trials: number[];
  choose: {
    path: string;
    by: MetricRecord;
    goal: "max" | "min";
    per: string[];
  }[];
  reports: {
    metrics: MetricRecord[];
    as: CallRecord | null;
    by: {
      field: string;
      bins: number[] | null;
    } | null;
  }[];
  comparisons: {
    factor: string;
    left: string;
    right: string;
    on: MetricRecord;
    paired: string[];
    margin: number | null;
  }[];
  allowed: {
    code: string;
    because: string;
  }[];
  searches?: {
    method: CallRecord;
    space: {
      path: string;
      over: string;
    }[];
    by: MetricRecord;
    goal: "max" | "min";
    per: string[];
    trainings: number;
  }[];
  ensembles?: {
    name: string;
    over: string[];
  }[];
  save?: string[];
  budget?: {
    [k: string]: number;
  };
}
export interface FactorRecord {
  path: string;
  labels: string[];
  /**
   * The condition under which it applies, as written.
   */
  when?: string;
}
export interface TrialEntry {
  ordinal: number;
  experiment: string;
  levels: {
    [k: string]: string;
  };
  replicates: {
    [k: string]: string;
  };
  seed: string;
  data: number;
  networks: {
    name: string;
    network: number;
  }[];
  recipe: number;
  learner?: CallRecord1;
  /**
   * Ordinal of the trial whose weights it begins with.
   */
  parent?: number;
  /**
   * Networks that are not trained, by name: the ordinal of the trial whose weights each has.
   */
  frozen?: {
    [k: string]: number;
  };
  predictions: number;
  measures: number;
  pair: {
    prediction: string;
    target: string;
  } | null;
}
/**
 * A classic learner in place of a network.
 */
export interface CallRecord1 {
  op: string;
  parameters: {
    [k: string]: unknown;
  };
}
