/** What a grammar is made of, and what can be read off it: which tokens may come next. */
import type { TokenType } from "./tokens.ts";

export type Sequence = readonly Part[];

/** `label` is what it is called among the children of its node. */
export type Part = TokenPart | RulePart | OptionPart | RepetitionPart | ChoicePart;

interface Placed {
  /** What may follow it within its rule. */
  rest: Sequence;
}
export interface TokenPart extends Placed {
  readonly kind: "token";
  readonly type: TokenType;
  readonly label: string;
}
export interface RulePart extends Placed {
  readonly kind: "rule";
  readonly name: string;
  readonly label: string;
}
export interface OptionPart extends Placed {
  readonly kind: "option";
  readonly parts: Sequence;
  entry: Entry;
}
export interface RepetitionPart extends Placed {
  readonly kind: "repetition";
  readonly parts: Sequence;
  readonly separator: TokenPart | undefined;
  readonly least: 0 | 1;
  entry: Entry;
}
export interface ChoicePart extends Placed {
  readonly kind: "choice";
  readonly alternatives: readonly Sequence[];
  /** By the token that an alternative begins with. */
  byFirst: ReadonlyMap<TokenType, Sequence>;
}

/**
 * The tokens with which a part is entered. One that may as well begin what comes after the part has those that must be next in
 * the part.
 */
export type Entry = ReadonlyMap<TokenType, ReadonlySet<TokenType> | undefined>;

/** A rule is written as what it consists of: a word is a rule. */
export type Item = string | TokenType | Part;

const unplaced: Sequence = [];
const unknown: Entry = new Map();

function partOf(item: Item): Part {
  if (typeof item === "string") return { kind: "rule", name: item, label: item, rest: unplaced };
  if ("kind" in item) return item;
  return { kind: "token", type: item, label: item.name, rest: unplaced };
}

export function sequence(...items: Item[]): Sequence {
  return items.map(partOf);
}

/** An item under a name of its own. */
export function labelled(label: string, item: string | TokenType): Part {
  return { ...(partOf(item) as TokenPart | RulePart), label };
}

export function option(...items: Item[]): Part {
  return { kind: "option", parts: sequence(...items), rest: unplaced, entry: unknown };
}

export function many(...items: Item[]): Part {
  return repetition(items, 0, undefined);
}

export function some(...items: Item[]): Part {
  return repetition(items, 1, undefined);
}

/** One or more (`least`: 0, none too) with a token between them. */
export function separated(separator: TokenType, item: Item, least: 0 | 1 = 1): Part {
  return repetition([item], least, partOf(separator) as TokenPart);
}

function repetition(items: Item[], least: 0 | 1, separator: TokenPart | undefined): Part {
  return { kind: "repetition", parts: sequence(...items), separator, least, rest: unplaced, entry: unknown };
}

/** Alternatives, which differ in their first token. */
export function choice(...alternatives: (Item | Sequence)[]): Part {
  const all = alternatives.map((one) => (Array.isArray(one) ? (one as Sequence) : sequence(one as Item)));
  return { kind: "choice", alternatives: all, rest: unplaced, byFirst: new Map() };
}

export type Rules = Readonly<Record<string, Sequence>>;

export interface Grammar {
  /** The parts of a rule, each knowing what may follow it. */
  rule(name: string): Sequence;
  /** The tokens with which a sequence may begin. */
  first(sequence: Sequence): ReadonlySet<TokenType>;
}

interface First {
  readonly types: ReadonlySet<TokenType>;
  /** It may have no token at all. */
  readonly empty: boolean;
}

/** Rules are made ready when they are first asked for: most files use few. */
export function createGrammar(rules: Rules): Grammar {
  const firsts = new Map<string, First>();
  const ready = new Map<string, Sequence>();

  function firstOf(parts: Sequence): First {
    if (parts.length === 1) return firstOfPart(parts[0]!);
    const types = new Set<TokenType>();
    for (const part of parts) {
      const one = firstOfPart(part);
      for (const type of one.types) types.add(type);
      if (!one.empty) return { types, empty: false };
    }
    return { types, empty: true };
  }

  function firstOfPart(part: Part): First {
    switch (part.kind) {
      case "token":
        return { types: new Set([part.type]), empty: false };
      case "rule": {
        let found = firsts.get(part.name);
        if (!found) {
          found = firstOf(rules[part.name]!);
          firsts.set(part.name, found);
        }
        return found;
      }
      case "option":
        return { types: firstOf(part.parts).types, empty: true };
      case "repetition": {
        const { types, empty } = firstOf(part.parts);
        return { types, empty: empty || part.least === 0 };
      }
      case "choice": {
        const all = part.alternatives.map(firstOf);
        const types = new Set(all.flatMap((one) => [...one.types]));
        return { types, empty: all.some(({ empty }) => empty) };
      }
    }
  }

  /** What may come after the token with which a sequence begins. */
  function afterFirst(parts: Sequence, type: TokenType): Sequence[] {
    const [part, ...rest] = parts;
    if (!part) return [];
    switch (part.kind) {
      case "token":
        return part.type === type ? [rest] : [];
      case "rule":
        return afterFirst([...rules[part.name]!, ...rest], type);
      case "option":
        return [...afterFirst([...part.parts, ...rest], type), ...afterFirst(rest, type)];
      case "repetition":
        return [
          ...afterFirst([...part.parts, again(part), ...rest], type),
          ...(part.least === 0 ? afterFirst(rest, type) : []),
        ];
      case "choice":
        return part.alternatives.flatMap((one) => afterFirst([...one, ...rest], type));
    }
  }

  function entryOf(parts: Sequence, rest: Sequence): Entry {
    const outside = firstOf(rest).types;
    const entry = new Map<TokenType, ReadonlySet<TokenType> | undefined>();
    for (const type of firstOf(parts).types) {
      const inside = outside.has(type) ? afterFirst(parts, type).map(firstOf) : [];
      const unsure = inside.length > 0 && inside.every(({ empty }) => !empty);
      entry.set(type, unsure ? new Set(inside.flatMap(({ types }) => [...types])) : undefined);
    }
    return entry;
  }

  function place(parts: Sequence, outer: Sequence): void {
    for (const [i, part] of parts.entries()) {
      part.rest = [...parts.slice(i + 1), ...outer];
      if (part.kind === "option") {
        place(part.parts, part.rest);
        part.entry = entryOf(part.parts, part.rest);
      } else if (part.kind === "repetition") {
        place(part.parts, [again(part), ...part.rest]);
        if (part.separator) part.separator.rest = part.parts;
        part.entry = entryOf(part.parts, part.rest);
      } else if (part.kind === "choice") {
        for (const one of part.alternatives) place(one, part.rest);
        part.byFirst = new Map(
          part.alternatives.flatMap((one) => [...firstOf(one).types].map((type) => [type, one] as const)),
        );
      }
    }
  }

  return {
    rule(name) {
      let parts = ready.get(name);
      if (!parts) {
        parts = rules[name]!;
        place(parts, []);
        ready.set(name, parts);
      }
      return parts;
    },
    first: (parts) => firstOf(parts).types,
  };
}

/** What may come after one round of a repetition: the next, or none. */
function again(part: RepetitionPart): Part {
  const { parts, separator } = part;
  if (!separator) return { ...part, least: 0 };
  return { kind: "option", parts: [separator, ...parts], rest: unplaced, entry: unknown };
}
