import { type LayerTable, layerTable } from "../../check/shapes.ts";
import { diagnosticsToJson } from "../../diagnostics/to-json.ts";
import { positionAt } from "../../text/source.ts";
import { tellDiagnostics } from "../diagnostics.ts";
import { type ExitCode, exit } from "../exit.ts";
import { networksOf } from "../networks.ts";
import { checkStudy, type SpecOptions } from "../study.ts";
import { table } from "../table.ts";
import { lookOf, paint, print, printJson } from "../terminal.ts";
import { count, short } from "../words.ts";

export async function shapes(file: string, options: SpecOptions & { json?: boolean }): Promise<ExitCode> {
  const { study, diagnostics } = checkStudy(file, options);
  if (!study) {
    if (options.json) printJson(diagnosticsToJson(diagnostics));
    else tellDiagnostics(diagnostics);
    return exit.specHasErrors;
  }
  const tables = [...networksOf(study.plan.trials)].map(([network, name]) => ({
    ...layerTable(network),
    name,
  }));
  if (options.json) printJson({ models: tables.map(asJson) });
  else print(tables.map(asText).join("\n\n"));
  return exit.fine;
}

function asJson({ layers, ...model }: LayerTable) {
  return {
    ...model,
    layers: layers.map(({ span, ...layer }) => {
      const from = positionAt(span.file, span.start);
      const to = positionAt(span.file, span.end);
      return {
        ...layer,
        span: {
          file: span.file.path,
          line: from.line,
          column: from.column,
          endLine: to.line,
          endColumn: to.column,
        },
      };
    }),
  };
}

function asText(model: LayerTable): string {
  const look = lookOf(process.stdout);
  const rows = model.layers.map((layer) => [
    layer.name,
    layer.op,
    layer.output,
    layer.parameters > 0 ? count(layer.parameters) : "",
    layer.macs > 0 ? short(layer.macs) : "",
  ]);
  const macs = model.layers.reduce((sum, layer) => sum + layer.macs, 0);
  const statistics =
    model.statistics > 0 ? `, and ${count(model.statistics)} statistics of normalisations` : "";
  return [
    paint(model.name, "bold", look),
    table(["layer", "operator", "output", "parameters", "MACs a sample"], rows, "lllrr", look),
    `${count(model.trainable)} trainable parameters${statistics}; ${short(macs)} multiply-accumulates a sample`,
  ].join("\n");
}
