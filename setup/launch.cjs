// Sets the checkout up where needed, then hands over to the built command line.
"use strict";
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { prepare, root } = require("./prepare.cjs");

prepare("run");
import(pathToFileURL(join(root, "dist", "main.js")).href).then((main) => main.main(process.argv.slice(2)));
