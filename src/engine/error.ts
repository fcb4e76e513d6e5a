import type { Node } from "../ops/node.ts";
import { describePlace, type Span } from "../text/source.ts";

/** What an engine could not do, with the operator and the place of the `.dl` file it came from. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly span: Span | undefined;
  readonly op: string | undefined;
  constructor(problem: string, node: Node | undefined) {
    const place = node?.span ? `${describePlace(node.span)}: ` : "";
    super(`${place}${node ? `${node.op}: ` : ""}${problem}`);
    this.span = node?.span;
    this.op = node?.op;
  }
}
