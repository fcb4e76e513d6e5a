/** What the losses and metrics of a trial are written on: fields, and networks that are built when they are first applied. */
import { suggest } from "../diagnostics/suggest.ts";
import { dtypeOfField, type FieldType, type Role, shapeOfField } from "../ops/field.ts";
import type { Span } from "../text/source.ts";
import { showType, type TensorType } from "../types/tensor.ts";
import { type Frame, reportIn, type Tensor } from "./build.ts";
import type { Context } from "./context.ts";
import { listWords } from "./describe.ts";
import { bindInputs, type Feed } from "./elaborate.ts";
import type { Outside } from "./environment.ts";
import type { Leaf } from "./formula.ts";
import type { Wanted } from "./instantiate.ts";
import type { Network } from "./network.ts";
import {
  ambiguousName,
  inputMismatch,
  lossDoesNotFit,
  metricDoesNotFit,
  wrongNumberOfInputs,
} from "./shape-messages.ts";
import type { DeclaredValue } from "./value.ts";

export interface StageField {
  readonly role: Role;
  readonly type: FieldType;
}

export interface Stage {
  readonly data: string;
  readonly fields: ReadonlyMap<string, StageField>;
  /** By the names that the experiment gives them; a sole one may be `model`. */
  readonly models: ReadonlyMap<string, DeclaredValue>;
  /** What is wanted of outputs, by network. Grows while losses are read, before the network is built. */
  readonly wanted: Map<string, Map<string, TensorType>>;
  /** Networks that were applied; undefined where one could not be built, which has been reported. */
  readonly built: Map<string, { readonly network: Network | undefined; readonly span: Span }>;
  build(model: DeclaredValue, feeds: readonly Feed[], wanted: Wanted): Network | undefined;
}

/** A class is its number; every field has the batch in front. */
export function typeOfField(type: FieldType): TensorType {
  const shape = shapeOfField(type) as readonly number[];
  return { dtype: dtypeOfField(type), shape: ["N", ...shape] };
}

/** What an output must be that is paired with a field: a logit for each class, or the field's own shape. */
export function wantedFor(type: FieldType): TensorType {
  const own = shapeOfField(type) as readonly number[];
  if (type.kind === "class") return { dtype: "f32", shape: ["N", ...own, type.count] };
  const shape = own.length > 0 ? own : [1];
  return { dtype: "f32", shape: ["N", ...shape] };
}

interface Meaning {
  readonly what: string;
  readonly of: { readonly field: string } | { readonly network: string; readonly output: string };
}

/** Everything that a name can stand for; a name that stands for two things is told. */
function meaningsOf(name: string, stage: Stage): readonly Meaning[] {
  const [first, second, ...more] = name.split(".");
  if (more.length > 0) return [];
  const outputs = [...stage.models].flatMap(([network, { declaration }]) =>
    declaration.outputs.map((port) => ({ network, output: port.name?.text ?? "output" })),
  );
  if (second !== undefined) {
    const field =
      first === "data" && stage.fields.has(second) ? [{ what: "a field", of: { field: second } }] : [];
    const output = outputs.filter((each) => each.network === first && each.output === second);
    return [...field, ...output.map((of) => ({ what: `an output of \`${first}\``, of }))];
  }
  const named = outputs.filter(
    ({ output }) => output === name && (output !== "output" || stage.models.size === 1),
  );
  return [
    ...named.map((of) => ({ what: `an output of \`${of.network}\``, of })),
    ...(stage.fields.has(name) ? [{ what: `a field of \`${stage.data}\``, of: { field: name } }] : []),
  ];
}

/** The network and output that `output`, `z`, `model.z` or an applied network's name means; undefined for anything else. */
export function outputNamed(
  name: string,
  stage: Stage,
): { readonly network: string; readonly output: string } | undefined {
  const [first = "", second] = name.split(".");
  const model = stage.models.get(first);
  if (model && second === undefined)
    return { network: first, output: model.declaration.outputs[0]?.name?.text ?? "output" };
  const found = meaningsOf(name, stage).find(({ of }) => "network" in of)?.of;
  return found && "network" in found ? found : undefined;
}

export function fieldNamed(name: string, stage: Stage): string | undefined {
  const field = name.startsWith("data.") ? name.slice("data.".length) : name;
  return stage.fields.has(field) ? field : undefined;
}

/** The names of a stage for one formula, whose leaves are gathered in `leaves`. In a metric, networks see input fields only. */
export function outsideOf(stage: Stage, leaves: Leaf[], isMetric: boolean): Outside {
  const kind = isMetric ? metricDoesNotFit : lossDoesNotFit;
  const refs = new Map<string, number>();
  const tensors = new Map<number, Tensor>();
  const leaf = (each: Leaf): number => {
    const key = JSON.stringify(each);
    const ref = refs.get(key) ?? -leaves.push(each);
    refs.set(key, ref);
    return ref;
  };

  function field(name: string, span: Span): Tensor {
    const { type } = stage.fields.get(name)!;
    const ref = leaf({ field: name });
    const tensor = tensors.get(ref) ?? { ref, type: typeOfField(type), span, field: type };
    tensors.set(ref, tensor);
    return { ...tensor, span };
  }

  function outputsOf(name: string, network: Network, operands: readonly Tensor[], span: Span) {
    const inputs = operands.map(({ ref }) => ref);
    return new Map(
      network.outputs.map(({ name: output, type }): [string, Tensor] => [
        output,
        { ref: leaf({ network: name, output, inputs }), type, span },
      ]),
    );
  }

  function apply(name: string, operands: readonly Tensor[], span: Span, frame: Frame) {
    if (isMetric && !operands.every((operand) => seesInputsOnly(operand, leaves, stage, name, span, frame)))
      return "broken";
    const network = builtOn(stage, name, operands, span, frame);
    return network ? outputsOf(name, network, operands, span) : "broken";
  }

  return {
    knows: (name) => meaningsOf(name, stage).length > 0,
    names: () => [
      ...[...stage.models.values()].flatMap(({ declaration }) =>
        declaration.outputs.map((port) => port.name?.text ?? "output"),
      ),
      ...[...stage.fields].flatMap(([name, { role }]) =>
        role === "input" || role === "target" ? [name] : [],
      ),
    ],
    isNetwork: (name) => stage.models.has(name),
    apply,
    tensor(name, span, frame) {
      const [meaning, other] = meaningsOf(name, stage);
      if (meaning && other) {
        const parameters = { name, first: meaning.what, second: other.what };
        const ways = [meaning, other].map(
          ({ of }) => `\`${"field" in of ? `data.${of.field}` : `${of.network}.${of.output}`}\``,
        );
        reportIn(frame.instance, frame.build, ambiguousName, parameters, span, {
          hint: `write ${listWords(ways)}`,
        });
        return "broken";
      }
      const { of } = meaning!;
      if ("field" in of) {
        const { role } = stage.fields.get(of.field)!;
        if (role === "input" || role === "target") return field(of.field, span);
        const problem = `\`${of.field}\` is ${role === "id" ? "an" : "a"} \`${role}\` field, and these enter no loss and no metric`;
        reportIn(frame.instance, frame.build, kind, { problem }, span, {
          hint: "give it the role `target` or `input`",
        });
        return "broken";
      }
      const bound = bindInputs(stage.models.get(of.network)!, inputFields(stage), frame.build.context);
      if (!bound) return "broken";
      const outputs = apply(
        of.network,
        bound.map((each) => field(each, span)),
        span,
        frame,
      );
      return outputs === "broken" ? outputs : (outputs.get(of.output) ?? "broken");
    },
  };
}

export const inputFields = (stage: Stage): readonly string[] =>
  [...stage.fields].filter(([, { role }]) => role === "input").map(([name]) => name);

/** The fields that feed a network where nothing is written; undefined where they do not fit its inputs. */
export function silentBinding(
  model: DeclaredValue,
  stage: Stage,
  context: Context,
): readonly string[] | undefined {
  return bindInputs(model, inputFields(stage), { ...context, reporter: { diagnostics: [], report() {} } });
}

/** A network applied to tensors: built for their types the first time, and from then on the same. Undefined after a report. */
function builtOn(
  stage: Stage,
  name: string,
  operands: readonly Tensor[],
  span: Span,
  frame: Frame,
): Network | undefined {
  const { context } = frame.build;
  const model = stage.models.get(name)!;
  const before = stage.built.get(name);
  const ports = model.declaration.inputs;
  if (ports.length !== operands.length) {
    const takes = ports.length === 1 ? "one tensor" : `${ports.length} tensors`;
    reportIn(frame.instance, frame.build, wrongNumberOfInputs, { name, takes, got: operands.length }, span, {
      labels: [{ span: model.declaration.name.span, text: "declared here" }],
    });
    return undefined;
  }
  if (!before) {
    const bound = silentBinding(model, stage, context);
    const feeds = operands.map(({ type, field }, i): Feed => {
      const fits = bound?.every((each, k) => {
        const { type: own } = stage.fields.get(each)!;
        return showType(typeOfField(own)) === showType(operands[k]!.type);
      });
      return { field: fits ? bound![i]! : null, type: field ? typeOfField(field) : type };
    });
    const network = stage.build(model, feeds, stage.wanted.get(name) ?? new Map());
    stage.built.set(name, { network, span });
    return network;
  }
  if (!before.network) return undefined;
  for (const [i, { type }] of operands.entries()) {
    const takes = showType(before.network.inputs[i]!.type);
    if (takes === showType(type)) continue;
    reportIn(frame.instance, frame.build, inputMismatch, { name, takes, got: showType(type) }, span, {
      labels: [{ span: before.span, text: `applied to ${takes} here` }],
      hint: "one network has one shape; where two are meant, name two in `model = { ... }`",
    });
    return undefined;
  }
  return before.network;
}

function seesInputsOnly(
  { ref, field }: Tensor,
  leaves: readonly Leaf[],
  stage: Stage,
  network: string,
  span: Span,
  frame: Frame,
): boolean {
  const leaf = ref < 0 ? leaves[-1 - ref] : undefined;
  const name = leaf && "field" in leaf ? leaf.field : undefined;
  if (!field || name === undefined || stage.fields.get(name)!.role === "input") return true;
  const meant = suggest(name, inputFields(stage));
  const problem = `in a metric, networks are fed \`input\` fields only, and \`${name}\` is a ${stage.fields.get(name)!.role}`;
  reportIn(frame.instance, frame.build, metricDoesNotFit, { problem }, span, {
    hint: `feed \`${network}\` ${meant ? `\`${meant}\`` : "an input field"}: what it should answer cannot be given to it`,
  });
  return false;
}
