// The built command line. V8's compiled form of it is kept beside it, so that starting does not compile it anew.
"use strict";
const fs = require("node:fs");
const { createRequire, wrap } = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

/** Node versions take turns in a checkout: each has its own. */
const kept = `main-${process.arch}-${process.versions.v8}.cache`;

function read(file) {
  try {
    return fs.readFileSync(file);
  } catch (_) {
    return undefined;
  }
}

/** Written to another name first: what runs meanwhile reads the whole file or none. */
function keep(script, file) {
  const fresh = `${file}-${process.pid}`;
  try {
    fs.writeFileSync(fresh, script.createCachedData());
    fs.renameSync(fresh, file);
  } catch (_) {
    // A checkout that others own, or a full disk: it starts more slowly.
    fs.rmSync(fresh, { force: true });
  }
}

/** What `dist` exports. V8 refuses what another V8 has compiled; then this process compiles, and keeps what it used. */
function load(dist) {
  const file = path.join(dist, "main.cjs");
  const cache = path.join(dist, kept);
  const cachedData = read(cache);
  // The bundle is ASCII, which is read faster as such.
  const script = new vm.Script(wrap(fs.readFileSync(file, "latin1")), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dist);
  if (cachedData === undefined || script.cachedDataRejected) process.once("exit", () => keep(script, cache));
  return module.exports;
}

module.exports = { load };
