/** The grammar of statements. */
import { ExpressionGrammar } from "./grammar-expression.ts";
import * as t from "./tokens.ts";

const k = t.keywords;

export abstract class StatementGrammar extends ExpressionGrammar {
  statementLine = this.RULE("statementLine", () => {
    this.SUBRULE(this.statement);
    this.MANY(() => {
      this.OPTION(() => this.CONSUME(t.Comma));
      this.SUBRULE1(this.statement);
    });
    this.OPTION1(() => this.CONSUME1(t.Comma));
  });
  statement = this.RULE("statement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.field) },
      { ALT: () => this.SUBRULE(this.section) },
      { ALT: () => this.SUBRULE(this.branch) },
      { ALT: () => this.SUBRULE(this.from) },
      { ALT: () => this.SUBRULE(this.repeat) },
      { ALT: () => this.SUBRULE(this.forLoop) },
      { ALT: () => this.SUBRULE(this.condition) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.out) },
      { ALT: () => this.SUBRULE(this.train) },
      { ALT: () => this.SUBRULE(this.minimize) },
      { ALT: () => this.SUBRULE(this.vary) },
      { ALT: () => this.SUBRULE(this.search) },
      { ALT: () => this.SUBRULE(this.choose) },
      { ALT: () => this.SUBRULE(this.report) },
      { ALT: () => this.SUBRULE(this.compare) },
      { ALT: () => this.SUBRULE(this.ensemble) },
      { ALT: () => this.SUBRULE(this.save) },
      { ALT: () => this.SUBRULE(this.budget) },
      { ALT: () => this.SUBRULE(this.allow) },
      { ALT: () => this.SUBRULE(this.plain) },
    ]);
  });
  letStatement = this.RULE("letStatement", () => {
    this.CONSUME(k.let);
    this.CONSUME(t.Word);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });
  field = this.RULE("field", () => {
    this.CONSUME(t.RoleWord);
    this.CONSUME(t.Word);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression, { LABEL: "value" });
    this.OPTION1(() => {
      this.CONSUME(k.where);
      this.SUBRULE1(this.expression, { LABEL: "where" });
    });
  });
  section = this.RULE("section", () => {
    this.CONSUME(t.SectionWord);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Word) });
    this.CONSUME(t.Block);
  });
  branch = this.RULE("branch", () => {
    this.CONSUME(k.branch);
    this.SUBRULE(this.target);
    this.OPTION(() => {
      this.CONSUME(k.from);
      this.SUBRULE(this.expression);
    });
    this.CONSUME(t.Block);
    this.SUBRULE(this.trailer);
  });
  from = this.RULE("from", () => {
    this.CONSUME(k.from);
    this.SUBRULE(this.expression);
    this.SUBRULE(this.trailer);
  });
  repeat = this.RULE("repeat", () => {
    this.CONSUME(k.repeat);
    this.SUBRULE(this.expression, { LABEL: "count" });
    this.OR([
      {
        ALT: () => {
          this.CONSUME(k.over);
          this.SUBRULE1(this.expression, { LABEL: "axis" });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Block);
          this.SUBRULE(this.trailer);
        },
      },
    ]);
  });
  forLoop = this.RULE("forLoop", () => {
    this.CONSUME(k.for);
    this.CONSUME(t.Word);
    this.CONSUME(k.in);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Block);
    this.SUBRULE(this.trailer);
  });
  condition = this.RULE("condition", () => {
    this.CONSUME(k.if);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Block, { LABEL: "then" });
    this.OPTION(() => {
      this.CONSUME(k.else);
      this.OR([
        { ALT: () => this.SUBRULE(this.condition, { LABEL: "elseIf" }) },
        { ALT: () => this.CONSUME1(t.Block, { LABEL: "else" }) },
      ]);
    });
    this.SUBRULE(this.trailer);
  });
  group = this.RULE("group", () => {
    this.CONSUME(k.group);
    this.SUBRULE(this.target);
    this.CONSUME(t.Block);
    this.SUBRULE(this.trailer);
  });
  out = this.RULE("out", () => {
    this.CONSUME(k.out);
    this.CONSUME(t.Word);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });
  train = this.RULE("train", () => {
    this.CONSUME(k.train);
    this.CONSUME(t.Word);
    this.CONSUME(t.Block);
  });
  minimize = this.RULE("minimize", () => {
    this.CONSUME(k.minimize);
    this.SUBRULE(this.expression);
  });
  vary = this.RULE("vary", () => {
    this.CONSUME(k.vary);
    this.SUBRULE(this.path);
    this.CONSUME(k.over);
    this.SUBRULE(this.expression, { LABEL: "axis" });
    this.OPTION(() => {
      this.CONSUME(k.when);
      this.SUBRULE1(this.expression, { LABEL: "when" });
    });
  });
  search = this.RULE("search", () => {
    this.CONSUME(k.search);
    this.SUBRULE(this.expression, { LABEL: "method" });
    this.CONSUME(k.over);
    this.SUBRULE1(this.expression, { LABEL: "space" });
    this.OPTION(() => {
      this.CONSUME(k.by);
      this.SUBRULE2(this.expression, { LABEL: "by" });
    });
    this.OPTION1(() => this.SUBRULE(this.per));
  });
  choose = this.RULE("choose", () => {
    this.CONSUME(k.choose);
    this.SUBRULE(this.path);
    this.CONSUME(k.by);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.SUBRULE(this.per));
  });
  per = this.RULE("per", () => {
    this.CONSUME(k.per);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.path) });
  });
  report = this.RULE("report", () => {
    this.CONSUME(k.report);
    this.SUBRULE(this.expression, { LABEL: "metric" });
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.expression, { LABEL: "metric" });
    });
    this.MANY1(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(k.as);
            this.SUBRULE2(this.expression, { LABEL: "as" });
          },
        },
        {
          ALT: () => {
            this.CONSUME(k.by);
            this.CONSUME(t.Word);
            this.OPTION(() => {
              this.CONSUME(k.in);
              this.SUBRULE3(this.expression, { LABEL: "bins" });
            });
          },
        },
      ]),
    );
  });
  compare = this.RULE("compare", () => {
    this.CONSUME(k.compare);
    this.CONSUME(t.Word, { LABEL: "left" });
    this.CONSUME(t.Minus);
    this.CONSUME1(t.Word, { LABEL: "right" });
    this.CONSUME(k.on);
    this.SUBRULE(this.expression, { LABEL: "metric" });
    this.OPTION(() => {
      this.CONSUME(k.paired);
      this.CONSUME(k.by);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME2(t.Word, { LABEL: "paired" }) });
    });
    this.OPTION1(() => {
      this.CONSUME(k.margin);
      this.SUBRULE1(this.expression, { LABEL: "margin" });
    });
  });
  ensemble = this.RULE("ensemble", () => {
    this.CONSUME(k.ensemble);
    this.CONSUME(t.Word, { LABEL: "name" });
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
    this.CONSUME(k.over);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME1(t.Word, { LABEL: "over" }) });
  });
  save = this.RULE("save", () => {
    this.CONSUME(k.save);
    this.CONSUME(t.Word);
  });
  budget = this.RULE("budget", () => {
    this.CONSUME(k.budget);
    this.CONSUME(t.Block);
  });
  allow = this.RULE("allow", () => {
    this.CONSUME(k.allow);
    this.CONSUME(t.Word);
    this.OPTION(() => {
      this.CONSUME(k.because);
      this.CONSUME(t.Text);
    });
  });
  /** A layer or expression with what may follow it; with `=`, an assignment. */
  plain = this.RULE("plain", () => {
    this.SUBRULE(this.expression, { LABEL: "left" });
    this.OPTION(() => {
      this.CONSUME(k.as);
      this.SUBRULE(this.target);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE1(this.expression, { LABEL: "type" });
    });
    this.OPTION2(() => {
      this.CONSUME(t.Assign);
      this.SUBRULE2(this.expression, { LABEL: "value" });
      this.OPTION3(() => {
        this.CONSUME(k.where);
        this.SUBRULE3(this.expression, { LABEL: "where" });
      });
    });
  });
  target = this.RULE("target", () => {
    this.CONSUME(t.Word);
    this.OPTION(() => {
      this.CONSUME(t.OpenSquare);
      this.SUBRULE(this.expression);
      this.CONSUME(t.CloseSquare);
    });
  });
  trailer = this.RULE("trailer", () => {
    this.OPTION(() => {
      this.CONSUME(k.as);
      this.SUBRULE(this.target);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
  });
}
