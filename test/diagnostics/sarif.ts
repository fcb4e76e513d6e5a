/**
 * What SARIF 2.1.0 (OASIS, March 2020) says of the objects that dlc writes: the names of their properties, which are needed (the
 * numbers are those of the standard's sections), and of what kind they are. The official schema, 130 kB, accepts whatever this does.
 */
const object = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});
const list = (items: object, least = 0) => ({ type: "array", minItems: least, items });
const text = { type: "string" };
const count = { type: "integer", minimum: 1 };
const index = { type: "integer", minimum: 0 };
const level = { enum: ["none", "note", "warning", "error"] };
/** A URI reference (RFC 3986): no space, no sign beyond ASCII, `%` only before two digits. */
const uri = { type: "string", pattern: "^(?:[!#$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})+$" };

// 3.11, 3.4, 3.30, 3.29, 3.28
const message = object(["text"], { text });
const artifactLocation = object(["uri"], { uri });
const region = object(["startLine"], {
  startLine: count,
  startColumn: count,
  endLine: count,
  endColumn: count,
});
const physicalLocation = object(["artifactLocation"], { artifactLocation, region });
const location = object(["physicalLocation"], { id: index, physicalLocation, message });
// 3.55, 3.56, 3.57
const fix = object(["artifactChanges"], {
  description: message,
  artifactChanges: list(
    object(["artifactLocation", "replacements"], {
      artifactLocation,
      replacements: list(
        object(["deletedRegion"], { deletedRegion: region, insertedContent: object(["text"], { text }) }),
        1,
      ),
    }),
    1,
  ),
});
// 3.49
const rule = object(["id"], {
  id: text,
  name: text,
  defaultConfiguration: object([], { level }),
  help: message,
});
// 3.27
const result = object(["message"], {
  ruleId: text,
  ruleIndex: index,
  level,
  message,
  locations: list(location),
  relatedLocations: { ...list(location), uniqueItems: true },
  fixes: { ...list(fix), uniqueItems: true },
});
// 3.14, 3.18, 3.19
const driver = object(["name"], {
  name: text,
  semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
  rules: { ...list(rule), uniqueItems: true },
});
const run = object(["tool"], {
  tool: object(["driver"], { driver }),
  columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
  results: list(result),
});
// 3.13
export const sarif = object(["version", "runs"], {
  $schema: { type: "string" },
  version: { const: "2.1.0" },
  runs: list(run),
});
