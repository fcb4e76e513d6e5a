/** Reads a line by its grammar. After a mistake it goes on where the grammar does, so that the rest of the line is there. */
import type {
  Grammar,
  OptionPart,
  Part,
  RepetitionPart,
  RulePart,
  Sequence,
  TokenPart,
} from "./production.ts";
import type { Token, TokenType } from "./tokens.ts";

/** What a rule has read. */
export interface Node {
  readonly name: string;
  /** By their labels, each kind in the order of the text. */
  readonly children: Readonly<Record<string, readonly (Node | Token)[]>>;
  /** Of its first and its last character; -1 where it has none. */
  readonly startOffset: number;
  readonly endOffset: number;
}

export interface Mistake {
  /** What was not understood; undefined at the end of the line. */
  readonly token: Token | undefined;
  /** What had to be there, where only one thing could; "end" where the line had to end. */
  readonly expected: TokenType | "end" | undefined;
  /** The rule that was being read; undefined where the line should have ended. */
  readonly rule: string | undefined;
}

interface Growing extends Node {
  readonly children: Record<string, (Node | Token)[]>;
  startOffset: number;
  endOffset: number;
}

/** The tree of the rule `start`, which may lack any part after a mistake. Mistakes are in the order in which they were met. */
export function parseLine(
  grammar: Grammar,
  start: string,
  tokens: readonly Token[],
): { readonly tree: Node; readonly mistakes: readonly Mistake[] } {
  let at = 0;
  const mistakes: Mistake[] = [];
  /** The rules being read, the innermost last. */
  const stack: RulePart[] = [];

  function add(parent: Growing, label: string, child: Node | Token): void {
    const { children } = parent;
    const same = children[label];
    if (same) same.push(child);
    else children[label] = [child];
    if (child.endOffset < 0) return;
    if (parent.startOffset < 0) parent.startOffset = child.startOffset;
    if (child.endOffset > parent.endOffset) parent.endOffset = child.endOffset;
  }

  function tell(expected: Mistake["expected"]): void {
    mistakes.push({ token: tokens[at], expected, rule: stack.at(-1)?.name });
  }

  /** Each function returns whether its part could be read to its end; where not, the rules around it say how to go on. */
  function readAll(parts: Sequence, node: Growing): boolean {
    for (const part of parts) if (!read(part, node)) return false;
    return true;
  }

  function read(part: Part, node: Growing): boolean {
    switch (part.kind) {
      case "token":
        return readToken(part, node);
      case "rule": {
        const inner: Growing = { name: part.name, children: {}, startOffset: -1, endOffset: -1 };
        const whole = readRule(part, inner);
        add(node, part.label, inner);
        return whole;
      }
      case "option":
        return enters(part) ? readAll(part.parts, node) : true;
      case "repetition":
        return readRepetition(part, node);
      case "choice": {
        const type = tokens[at]?.tokenType;
        const chosen = type && part.byFirst.get(type);
        if (chosen) return readAll(chosen, node);
        tell(undefined);
        return false;
      }
    }
  }

  function readToken(part: TokenPart, node: Growing): boolean {
    const token = tokens[at];
    if (token?.tokenType === part.type) {
      at++;
      add(node, part.label, token);
      return true;
    }
    tell(part.type);
    if (token && following(part).has(token.tokenType)) return true;
    const next = tokens[at + 1];
    if (next?.tokenType !== part.type) return false;
    at += 2;
    add(node, part.label, next);
    return true;
  }

  function enters({ entry }: OptionPart | RepetitionPart): boolean {
    const type = tokens[at]?.tokenType;
    if (!type || !entry.has(type)) return false;
    const second = entry.get(type);
    const next = tokens[at + 1];
    return second === undefined || (next !== undefined && second.has(next.tokenType));
  }

  function readRepetition(part: RepetitionPart, node: Growing): boolean {
    const { parts, separator, least } = part;
    if (least > 0 && !enters(part)) {
      tell(undefined);
      return false;
    }
    while (enters(part)) {
      const before = at;
      if (!readAll(parts, node)) return false;
      while (separator && tokens[at]?.tokenType === separator.type)
        if (!readToken(separator, node) || !readAll(parts, node)) return false;
      if (separator || at === before) break;
    }
    return true;
  }

  function readRule(part: RulePart, node: Growing): boolean {
    stack.push(part);
    const whole = readAll(grammar.rule(part.name), node) || resume(part);
    stack.pop();
    return whole;
  }

  /** The tokens that may follow a part, also where its rule and those around it end there. */
  function following(part: TokenPart): ReadonlySet<TokenType> {
    return grammar.first([...part.rest, ...stack.toReversed().flatMap(({ rest }) => rest)]);
  }

  /** Passes over what was not understood, if what comes then may follow this rule; a rule around it may go on earlier. */
  function resume(part: RulePart): boolean {
    const follows = stack.map(({ rest }) => grammar.first(rest));
    const found = tokens.findIndex(
      ({ tokenType }, i) => i >= at && follows.some((one) => one.has(tokenType)),
    );
    if (found < 0 && stack.length > 1) return false;
    if (found >= 0 && !grammar.first(part.rest).has(tokens[found]!.tokenType)) return false;
    at = found < 0 ? tokens.length : found;
    return true;
  }

  const tree: Growing = { name: start, children: {}, startOffset: -1, endOffset: -1 };
  readRule({ kind: "rule", name: start, label: start, rest: [] }, tree);
  if (at < tokens.length) tell("end");
  return { tree, mistakes };
}
