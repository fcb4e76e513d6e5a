#!/usr/bin/env node
// The `dlc` command.
"use strict";
require("./check-node.cjs");
require("./launch.cjs");
