import type { Parameter, Signature } from "../signature.ts";

function learner(name: string, doc: string, parameters: readonly Parameter[], positional = 0): Signature {
  return { name: `classic.${name}`, family: "learner", version: 1, doc, positional, parameters };
}

const depth: Parameter = {
  name: "depth",
  type: { kind: "int", min: 1 },
  optional: true,
  doc: "The most splits from the root to a leaf; without it, trees grow until leaves are pure.",
};

const leaf: Parameter = {
  name: "leaf",
  type: { kind: "int", min: 1 },
  default: 1,
  doc: "The fewest training rows in a leaf.",
};

const criterion: Parameter = {
  name: "criterion",
  type: { kind: "word", words: ["gini", "entropy"] },
  default: "gini",
  doc: "What a split should make small.",
};

const smoothing: Parameter = {
  name: "smoothing",
  type: { kind: "real", min: 0 },
  default: 1,
  doc: "Added to every count (Laplace), so that what was never seen is not impossible.",
};

/**
 * Learners of before deep learning, to compare with: `vary model over { cnn: network, forest: classic.random_forest(trees: 100) }`.
 * They get the inputs as evaluation sees them, flattened and joined; recipe and augmentation do not apply to them.
 */
export const learners: readonly Signature[] = [
  learner(
    "svm",
    "A support vector machine (Cortes and Vapnik 1995; sequential minimal optimization, Platt 1998), one against the rest for more than two classes.",
    [
      {
        name: "kernel",
        type: { kind: "word", words: ["linear", "rbf", "poly", "sigmoid"] },
        default: "rbf",
        doc: "`linear` x.z, `rbf` exp(-gamma |x - z|^2), `poly` (gamma x.z + 1)^degree, `sigmoid` tanh(gamma x.z + 1).",
      },
      { name: "c", type: { kind: "real", min: 0 }, default: 1, doc: "What a row on the wrong side costs." },
      {
        name: "gamma",
        type: { kind: "real", min: 0 },
        optional: true,
        doc: "The kernel's width; without it 1 / (number of inputs x their variance).",
      },
      { name: "degree", type: { kind: "int", min: 1 }, default: 3, doc: "Of `poly`." },
      {
        name: "tolerance",
        type: { kind: "real", min: 0 },
        default: 1e-3,
        doc: "How far from the optimum the search may end.",
      },
    ],
  ),
  learner(
    "random_forest",
    "Decision trees on rows drawn with replacement (Breiman 2001), each split on the best of some inputs drawn; the mean of their votes.",
    [
      { name: "trees", type: { kind: "int", min: 1 }, default: 100, doc: "How many." },
      criterion,
      {
        name: "inputs",
        type: {
          kind: "union",
          of: [
            { kind: "word", words: ["sqrt", "all"] },
            { kind: "int", min: 1 },
          ],
        },
        default: "sqrt",
        doc: "How many inputs are tried at a split: the square root of all, all, or a number.",
      },
      depth,
      leaf,
    ],
  ),
  learner("decision_tree", "One tree of splits, each on one input (CART, Breiman et al. 1984).", [
    criterion,
    depth,
    leaf,
  ]),
  learner(
    "markov_chain",
    "For sequences: a first-order Markov chain for each class, over values cut into bins; the class that makes a sequence likeliest.",
    [
      {
        name: "bins",
        type: { kind: "int", min: 2 },
        default: 8,
        doc: "Into how many states values are cut.",
      },
      smoothing,
    ],
  ),
];
