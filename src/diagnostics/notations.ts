/** What other tools have a word for and this language another way: the way out, by that word. */

/** What other languages have a word for and this one a notation: the way out, by that word. */
export const notations: Readonly<Record<string, string>> = {
  range: "write a range: `0 .. 2` is 0, 1 and 2, `1 .. 8 step 2` is 1, 3, 5 and 7",
  arange: "write a range: `0 .. 2` is 0, 1 and 2",
  linspace: "write a range with a step: `0 .. 1 step 0.25`",
  logspace: "write `log_grid(1e-4 .. 1e-1, 4)`",
  pow: "write `x ^ 2`",
  square: "write `x ^ 2`",
  expand_dims: "write `reshape([...])` with the dimensions of one sample",
  Bidirectional: "write `direction: both` in the layer: `lstm(32, direction: both)`",
  squeeze: "write `flatten`, or `reshape([...])` with the dimensions of one sample",
  unsqueeze: "write `reshape([...])` with the dimensions of one sample",
  epochs: "a unit stands straight behind its number: `10 epochs`",
  steps: "a unit stands straight behind its number: `1000 steps`",
  Sequential: "write layers one after the other, in lines or with `;` between them",
};

/** Modules of other tools, as they are imported. */
export const otherTools: ReadonlySet<string> = new Set([
  "nn", "torch", "torchvision", "optim", "F", "tf", "keras", "layers", "optimizers", "losses", "np", "sklearn", "pd",
]); // biome-ignore format: a table

/** What a line of an experiment of another tool is here, by its name there. */
export const experimentNotations: Readonly<Record<string, string>> = {
  seed: "write `repeat seed over 1 .. 6`",
  seeds: "repeat the training: `repeat seed over 1 .. 6`",
  n_seeds: "repeat the training: `repeat seed over 1 .. 6`",
  runs: "repeat the training: `repeat seed over 1 .. 6`",
  metric: "write `report test.accuracy`",
  metrics: "write `report test.accuracy, test.macro_f1`",
  models: "write `vary model over { a: ..., b: ... }`",
  epochs: "the length is in the recipe: `length = 10 epochs`",
  batch_size: "it is in the recipe: `batch = 64`",
  lr: "it is in the recipe: `optimizer = adam(lr: 1e-3)`",
  optimizer: "it is in the recipe",
  loss: "it is in the recipe",
  split: "it is in the data: `split = random(train: 70%, valid: 15%, test: 15%)`",
};

/** Parameters of other tools that nothing here has the place of: what to do instead, by their name there. */
export const argumentNotations: Readonly<Record<string, string>> = {
  activation: "write it as a layer of its own behind this one: `conv(32); relu`",
  input_shape: "leave it out: sizes are read from the tensor",
  input_dim: "leave it out: sizes are read from the tensor",
  in_channels: "leave it out: it is read from the tensor",
  in_features: "leave it out: it is read from the tensor",
  num_features: "leave it out: it is read from the tensor",
  num_classes: "leave it out: the number of classes comes from the target, as `K` in `dense(K)`",
  num_layers: "write the layers one after the other: `lstm(32, sequence: true); lstm(32)`",
  bidirectional: "write `direction: both`",
  batch_first: "leave it out: the batch is always first",
  inplace: "leave it out: there is nothing to save by it",
  name: "write `as` and the name behind the layer: `conv(32) as features`",
  from_logits: "leave it out: losses take the values before the softmax",
  restore_best_weights: "leave it out: with `stop` the best weights count",
  shuffle: "leave it out: each epoch takes the rows in a new order",
};
