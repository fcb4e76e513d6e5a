/** The grammar of expressions, types and the entries of records. `grammar.ts` says how a line is parsed. */
import { CstParser, type IParserErrorMessageProvider } from "chevrotain";
import * as t from "./tokens.ts";

const k = t.keywords;

/** Messages are written in `explain-error.ts`; it needs what was expected, which only this provider is told. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => `expected:${expected.LABEL ?? expected.name}`,
  buildNotAllInputParsedMessage: () => "",
  buildNoViableAltMessage: () => "",
  buildEarlyExitMessage: () => "",
};

export abstract class ExpressionGrammar extends CstParser {
  constructor() {
    super([...t.tokenTypes], {
      recoveryEnabled: true,
      maxLookahead: 2,
      nodeLocationTracking: "onlyOffset",
      skipValidations: true,
      errorMessageProvider: expectations,
    });
  }

  /** Operators in the order written; `build-ast` knows which bind tighter. */
  expression = this.RULE("expression", () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.SUBRULE(this.operator);
      this.SUBRULE1(this.operand);
    });
    this.MANY1(() => {
      this.CONSUME(k.with);
      this.CONSUME(t.Block);
    });
  });
  operator = this.RULE("operator", () => {
    this.OR([
      t.Plus, t.Minus, t.Times, t.Divide, t.Power, t.Equal, t.NotEqual, t.Less, t.AtMost, t.Greater, t.AtLeast, t.Range,
      k.and, k.or, k.in, k.step,
    ].map((type) => ({ ALT: () => this.CONSUME(type, { LABEL: "sign" }) }))); // biome-ignore format: a table
  });
  operand = this.RULE("operand", () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Minus, { LABEL: "prefix" }) },
        { ALT: () => this.CONSUME(k.not, { LABEL: "prefix" }) },
      ]),
    );
    this.OR1([
      { ALT: () => this.SUBRULE(this.numeral) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.Word) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.CONSUME(t.Block) },
      { ALT: () => this.SUBRULE(this.parenthesis) },
    ]);
    this.MANY1(() => this.SUBRULE(this.suffix));
  });
  numeral = this.RULE("numeral", () => {
    this.CONSUME(t.Numeral);
    this.OPTION(() => this.CONSUME(t.UnitWord));
  });
  parenthesis = this.RULE("parenthesis", () => {
    this.CONSUME(t.OpenRound);
    this.SUBRULE(this.expression);
    this.CONSUME(t.CloseRound);
  });
  list = this.RULE("list", () => {
    this.CONSUME(t.OpenSquare);
    this.OPTION(() => {
      this.SUBRULE(this.expression);
      this.MANY(() => {
        this.OPTION1(() => this.CONSUME(t.Comma));
        this.SUBRULE1(this.expression);
      });
      this.OPTION2(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.CloseSquare);
  });
  suffix = this.RULE("suffix", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.CONSUME(t.Word);
        },
      },
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.list) },
    ]);
  });
  call = this.RULE("call", () => {
    this.CONSUME(t.OpenRound);
    this.OPTION(() => {
      this.SUBRULE(this.argument);
      this.MANY(() => {
        this.OPTION1(() => this.CONSUME(t.Comma));
        this.SUBRULE1(this.argument);
      });
      this.OPTION2(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.CloseRound);
  });
  argument = this.RULE("argument", () => {
    this.OPTION(() => {
      this.CONSUME(t.Word);
      this.OR([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Assign) }]);
    });
    this.SUBRULE(this.expression);
  });
  type = this.RULE("type", () => {
    this.CONSUME(t.Word);
    this.MANY(() => this.SUBRULE(this.list));
  });
  path = this.RULE("path", () => {
    this.CONSUME(t.Word);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME1(t.Word);
    });
  });

  entryLine = this.RULE("entryLine", () => {
    this.SUBRULE(this.entry);
    this.MANY(() => {
      this.OPTION(() => this.CONSUME(t.Comma));
      this.SUBRULE1(this.entry);
    });
    this.OPTION1(() => this.CONSUME1(t.Comma));
  });
  entry = this.RULE("entry", () => {
    this.SUBRULE(this.expression, { LABEL: "key" });
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Assign) }]);
      this.SUBRULE1(this.expression, { LABEL: "value" });
    });
  });
  nameLine = this.RULE("nameLine", () => {
    this.AT_LEAST_ONE(() => {
      this.CONSUME(t.Word);
      this.OPTION(() => this.CONSUME(t.Comma));
    });
  });
}
