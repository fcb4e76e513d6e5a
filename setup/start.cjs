#!/usr/bin/env node
// The `dlc` command.
"use strict";
require("./check-node.cjs");
// Commands that are printed to be pasted begin as this one did.
if (process.env.npm_command === "exec") process.env.DLC_COMMAND = process.env.DLC_COMMAND || "npx dlc";
require("./launch.cjs");
