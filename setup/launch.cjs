// Sets the checkout up where needed, then hands over to the built command line.
"use strict";
const path = require("node:path");
const { load } = require("./command.cjs");
const { prepare, root } = require("./prepare.cjs");

prepare("run");
load(path.join(root, "dist")).main(process.argv.slice(2));
