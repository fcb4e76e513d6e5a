import type { OperatorValue } from "../check/value.ts";
import type { Host } from "../modules/host.ts";
import type { Json, OpCall } from "../ops/signature.ts";

/** The call of a reader with its paths as a host reads them: they are relative to the file that they are written in. */
export function withPaths(call: OpCall, value: OperatorValue, host: Host): OpCall {
  const parameters: Record<string, Json> = { ...call.parameters };
  for (const { name, type } of value.signature.parameters) {
    const given = value.arguments.get(name);
    if (type.kind === "path" && given && typeof parameters[name] === "string")
      parameters[name] = host.resolve(
        given.span.file.path.startsWith("--") ? "" : given.span.file.path,
        parameters[name],
      );
  }
  return { ...call, parameters };
}
