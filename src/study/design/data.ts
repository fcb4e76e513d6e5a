/** Data of which more is known than the split keeps apart, or which are changed at random when they are measured. */
import { operatorOf } from "../../ops/registry.ts";
import type { OpCall } from "../../ops/signature.ts";
import type { Span } from "../../text/source.ts";
import type { DataDraft } from "../data.ts";
import type { Trial } from "../trials.ts";
import { orAllow, type Warn } from "./context.ts";
import { evaluationAugmented, groupStraddles } from "./diagnostics.ts";

export function checkData({ spec, draft }: Trial, warn: Warn): void {
  const { data } = spec;
  const { by } = data.split.parameters;
  const divided = data.fields.find(({ role, name }) => role === "group" && name !== by);
  if (divided) {
    const kept = data.fields.some(({ role, name }) => role === "group" && name === by);
    warn(
      groupStraddles,
      { group: divided.name, split: kept ? `${data.split.op}(by: ${by})` : data.split.op },
      draft.settings.get("split")!.value!.span,
      {
        labels: [
          {
            span: draft.fields.get(divided.name)!.statement.name.span,
            text: "says which rows belong together",
          },
        ],
        hint: kept
          ? `go by the larger of the two groups, ${orAllow("DL6002")}`
          : `go by it: \`split = ${keepingTogether(data.split, divided.name)}\``,
      },
    );
  }
  data.evaluate.forEach(({ fields, steps }, i) => {
    const at = steps.findIndex(({ op }) => operatorOf("augment", op).random);
    if (at < 0) return;
    const step = steps[at]!.op;
    warn(evaluationAugmented, { step, field: fields.join(", ") }, spanOfStep(draft, i, at), {
      hint: `take \`${step}\` out of \`evaluate\`, ${orAllow("DL6011")}`,
    });
  });
}

/** The split that is written, going by a group; the source's own division has no shares to keep. */
function keepingTogether({ op, parameters }: OpCall, group: string): string {
  const { k, train = 0.7, valid = 0.15, test = 0.15, seed } = parameters;
  const percent = (share: unknown) => `${Number(((share as number) * 100).toFixed(4))}%`;
  if (op === "k_fold") return `k_fold(${k}, by: ${group}, valid: ${percent(valid)}, seed: ${seed})`;
  const shares = op === "given" ? { train: 0.7, valid: 0.15, test: 0.15 } : { train, valid, test };
  const written = Object.entries(shares).map(([name, share]) => `${name}: ${percent(share)}`);
  return `grouped(by: ${group}, ${written.join(", ")}, seed: ${seed})`;
}

function spanOfStep({ sections }: DataDraft, section: number, step: number): Span {
  const { statement } = sections.filter(({ statement }) => statement.name.text === "evaluate")[section]!;
  return statement.body.statements.filter(({ kind }) => kind === "apply")[step]!.span;
}
