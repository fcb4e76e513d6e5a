/**
 * The grammar, one line at a time. Permissive: whatever can be told apart is parsed, and `build-ast.ts` says what is wrong with it.
 * A body is one token (`Block`) here; its lines are parsed on their own. Expressions, statements and declarations are three
 * layers of one parser, each built on the one before.
 */
import type { CstNode, IRecognitionException, ISerializedGast, IToken, TokenType } from "chevrotain";
import { StatementGrammar } from "./grammar-statement.ts";
import * as t from "./tokens.ts";

const k = t.keywords;

class LineParser extends StatementGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  declarationLine = this.RULE("declarationLine", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.edition) },
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.declaration) },
    ]);
  });
  edition = this.RULE("edition", () => {
    this.CONSUME(k.edition);
    this.CONSUME(t.Numeral);
  });
  importDeclaration = this.RULE("importDeclaration", () => {
    this.CONSUME(k.import);
    this.OR([{ ALT: () => this.CONSUME(t.Text) }, { ALT: () => this.SUBRULE(this.path) }]);
    this.CONSUME(t.Block);
  });
  declaration = this.RULE("declaration", () => {
    this.CONSUME(t.DeclarationWord);
    this.CONSUME(t.Word);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.OPTION1(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.ports, { LABEL: "inputs" });
    });
    this.OPTION2(() => {
      this.CONSUME(t.Arrow);
      this.SUBRULE1(this.ports, { LABEL: "outputs" });
    });
    this.OR([
      { ALT: () => this.CONSUME(t.Block) },
      {
        ALT: () => {
          this.CONSUME(t.Assign);
          this.SUBRULE(this.expression);
        },
      },
    ]);
  });
  parameters = this.RULE("parameters", () => {
    this.CONSUME(t.OpenRound);
    this.OPTION(() => {
      this.SUBRULE(this.parameter);
      this.MANY(() => {
        this.OPTION1(() => this.CONSUME(t.Comma));
        this.SUBRULE1(this.parameter);
      });
      this.OPTION2(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.CloseRound);
  });
  parameter = this.RULE("parameter", () => {
    this.CONSUME(t.Word);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Assign);
      this.SUBRULE(this.expression);
    });
  });
  ports = this.RULE("ports", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.parameters) }, { ALT: () => this.SUBRULE(this.type) }]);
  });
}

export type LineRule = "declarationLine" | "statementLine" | "entryLine" | "nameLine" | "expression";

let parser: LineParser | undefined;

/** Parses one line. The tree may lack any part after an error. */
export function parseLine(
  rule: LineRule,
  tokens: IToken[],
): { tree: CstNode; errors: readonly IRecognitionException[] } {
  parser ??= new LineParser();
  parser.input = tokens;
  const tree = parser[rule]();
  return { tree: tree ?? { name: rule, children: {} }, errors: parser.errors };
}

/** What may come after the beginning of a line: the type of the next token, and the rules that it stands in, outermost first. */
export function assist(
  rule: LineRule,
  tokens: IToken[],
): readonly { readonly type: TokenType; readonly within: readonly string[] }[] {
  parser ??= new LineParser();
  return parser
    .computeContentAssist(rule, tokens)
    .map(({ nextTokenType, ruleStack }) => ({ type: nextTokenType, within: ruleStack }));
}

/** The grammar as data, for what is generated from it. */
export function productions(): readonly ISerializedGast[] {
  parser ??= new LineParser();
  return parser.getSerializedGastProductions();
}
