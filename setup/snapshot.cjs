// Run by `node --build-snapshot`: loads the command line and rehearses a check. What is in memory then is where `dlc check` starts,
// which spares it to set up the parser, to read the standard library and to compile itself. See `dlc` for when it is used.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { startupSnapshot } = require("node:v8");

const [, , root, built, rehearsed] = process.argv;
/** Where it will be. */
const main = path.join(root, "dist", "main.cjs");

/** Only Node's own modules can be required while a snapshot is made; when it has started, all can. */
let requireNow = require;

/** `from` holds the text of `file`. */
function load(file, from = file) {
  const module = { exports: {} };
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  const body = require("node:vm").compileFunction(fs.readFileSync(from, "utf8"), names, { filename: file });
  body(module.exports, (name) => requireNow(name), module, file, path.dirname(file));
  return module.exports;
}

const { isReady } = load(path.join(root, "setup", "prepare.cjs"));
const command = load(main, path.join(built, "main.cjs"));

startupSnapshot.setDeserializeMainFunction(() => {
  requireNow = require("node:module").createRequire(main);
  // Processes that this one starts take over its options, and are none that begin here.
  process.execArgv = [];
  // Sources that have changed since are built first, and what was built then runs.
  if (!isReady("run")) {
    process.argv.splice(1, 0, "dlc");
    requireNow(path.join(root, "setup", "start.cjs"));
  } else command.main(process.argv.slice(1));
});

command.rehearse(rehearsed).then(() => {
  // Node keeps the working directory once it was asked for; this makes it forget.
  process.chdir(process.cwd());
});
