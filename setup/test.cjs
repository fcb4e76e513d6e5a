// `npm test`: sets up whatever is missing (packages, build, TensorFlow), then runs the tests with the arguments given.
"use strict";
require("./check-node.cjs");
const child = require("node:child_process");
const path = require("node:path");
const setup = require("./prepare.cjs");

setup.prepare("all");
const engine = child.spawnSync(process.execPath, [path.join(__dirname, "start.cjs"), "engine", "install"], {
  cwd: setup.root,
  stdio: "inherit",
});
if (engine.status !== 0) process.exit(engine.status || 1);
const vitest = path.join(setup.root, "node_modules", "vitest", "vitest.mjs");
const tests = child.spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  cwd: setup.root,
  stdio: "inherit",
});
process.exit(tests.status === null ? 1 : tests.status);
