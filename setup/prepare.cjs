// Makes a checkout ready: packages and build.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.dirname(__dirname);
const state = path.join(root, "node_modules", ".dlc");

/** Ends the process with what is needed in plain words. 69: something outside dlc is missing (sysexits' EX_UNAVAILABLE). */
function giveUp(text) {
  process.stderr.write(`dlc: ${text}\n`);
  process.exit(69);
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (_) {
    return undefined;
  }
}

function digest(text) {
  return require("node:crypto").createHash("sha256").update(text).digest("hex");
}

/** What the packages must be for; `undefined` where dlc was installed as a package itself, which brings its own. */
function wantedPackages() {
  const lock = read(path.join(root, "package-lock.json"));
  return lock === undefined ? undefined : digest(lock);
}

/** Whether somebody's own `npm ci` has brought all that is needed: npm notes what it installed. */
function foundPackages(scope) {
  const packagesIn = (file) => JSON.parse(read(path.join(root, file)) || "{}").packages || {};
  const installed = packagesIn("node_modules/.package-lock.json");
  return Object.entries(packagesIn("package-lock.json")).every(
    ([name, { version, dev, optional, peer }]) =>
      name === "" ||
      optional ||
      peer ||
      (dev && scope === "run") ||
      (installed[name] && installed[name].version === version),
  );
}

/**
 * Names, sizes and times of everything that the build reads, and the packages that are there; undefined for a published package,
 * which carries its build and no sources.
 */
function sourcesStamp() {
  if (!fs.existsSync(path.join(root, "src"))) return undefined;
  const parts = [];
  const add = (file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat) parts.push(`${file.slice(root.length)} ${stat.size} ${stat.mtimeMs}`);
  };
  const visit = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const at = folder + path.sep + entry.name;
      if (entry.isDirectory()) visit(at);
      else add(at);
    }
  };
  visit(path.join(root, "src"));
  visit(path.join(root, "grammar"));
  add(path.join(__dirname, "build.mjs"));
  add(path.join(__dirname, "command.cjs"));
  add(path.join(__dirname, "snapshot.cjs"));
  add(path.join(__dirname, "this-node.sh"));
  add(path.join(root, "package-lock.json"));
  parts.push(read(path.join(state, "packages")));
  return parts.join("\n");
}

/** One setup at a time in a checkout: the second process waits for the first. */
function withLock(body) {
  const lock = path.join(root, ".setup-lock");
  for (let waited = 0; ; waited++) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM")
        giveUp(`cannot write to its own folder ${root}, which it must do once to set itself up.`);
      if (error.code !== "EEXIST") throw error;
      if (!alive(Number(read(lock)))) fs.rmSync(lock, { force: true });
      else {
        if (waited === 0)
          process.stderr.write("dlc: another dlc is setting this checkout up; waiting for it\n");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      }
    }
  }
  const release = () => fs.rmSync(lock, { force: true });
  process.once("exit", release);
  body();
  process.off("exit", release);
  release();
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function seconds(since) {
  return `${Math.max(1, Math.round((Date.now() - since) / 1000))} s`;
}

function run(command, args) {
  return require("node:child_process").spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
}

/** npm empties `node_modules` first, and through a link that is a folder which others use. */
function refuseLink() {
  const folder = path.join(root, "node_modules");
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink())
    giveUp(
      `its packages must be fetched, and ${folder} is a link to ${fs.realpathSync(folder)}, which that would empty. Remove the link, or run \`npm ci\` where it points and \`node setup/build.mjs\` here.`,
    );
}

/** False where the registry surely cannot be reached. Behind a proxy only npm itself can tell. */
function reachable(npm) {
  const { env } = process;
  if (env.HTTPS_PROXY || env.https_proxy || env.npm_config_proxy || env.npm_config_https_proxy) return true;
  const asked = run(npm, ["config", "get", "registry", "https-proxy"]);
  const registry = /^registry=(\S+)/m.exec(asked.stdout || "");
  if (!registry || /^https-proxy=(?!null)\S/m.test(asked.stdout)) return true;
  const lost = "ENOTFOUND EAI_AGAIN ECONNREFUSED ENETUNREACH EHOSTUNREACH ETIMEDOUT UND_ERR_CONNECT_TIMEOUT";
  const probe = `fetch(${JSON.stringify(registry[1])}, { method: "HEAD" }).then(() => 0, ({ cause }) =>
    ${JSON.stringify(lost)}.split(" ").includes(cause?.code ?? cause?.errors?.[0]?.code) ? 1 : 0).then(process.exit)`;
  return run(process.execPath, ["-e", probe]).status !== 1;
}

function notePackages(scope, wanted) {
  fs.mkdirSync(state, { recursive: true });
  fs.writeFileSync(path.join(state, "packages"), `${scope} ${wanted}`);
}

function install(scope, wanted) {
  refuseLink();
  process.stderr.write("Fetching packages ...");
  const began = Date.now();
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  if (scope === "run") args.push("--omit=dev");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // Without the network npm asks for minutes, package by package: then only what it has kept can serve.
  if (!reachable(npm)) args.push("--offline");
  // The settings of an outer `npm test` (its own prefix, its own omit) must not reach the inner one.
  const result = run(npm, args);
  process.stderr.write("\n");
  if (result.error && result.error.code === "ENOENT")
    giveUp("needs npm, which comes with Node, and there is no npm on the PATH.");
  if (result.status !== 0) {
    const text = `${result.stdout || ""}${result.stderr || ""}`;
    process.stderr.write(`${text.split("\n").slice(-15).join("\n")}\n`);
    if (/ENOTCACHED|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ECONNRESET|network/i.test(text))
      giveUp(
        "needs the network once, to fetch its packages from the npm registry, and cannot reach it. Connect (or point npm at a mirror: npm config set registry ...), then run the same command again.",
      );
    if (/ENOSPC/.test(text))
      giveUp("the disk is full: its packages need about 350 MB. Free some, then run the same command again.");
    giveUp("npm could not install its packages (see above).");
  }
  notePackages(scope, wanted);
  return `packages ${seconds(began)}`;
}

function build() {
  const stamp = sourcesStamp();
  const began = Date.now();
  const result = run(process.execPath, [path.join(__dirname, "build.mjs")]);
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout || ""}${result.stderr || ""}\n`);
    giveUp("its own build failed (see above). A fresh clone builds; please report this one.");
  }
  fs.writeFileSync(path.join(root, "dist", "sources"), stamp);
  return `build ${seconds(began)}`;
}

const havePackages = () => (read(path.join(state, "packages")) || "").split(" ");

/** Whether the packages that were fetched are those for `scope`. */
const suffices = (scope) => ["all", scope].includes(havePackages()[0]);

function buildReady() {
  const stamp = sourcesStamp();
  return stamp === undefined || read(path.join(root, "dist", "sources")) === stamp;
}

/** Whether nothing is to be done. What was built from these very files had its packages: the lock file need not be read. */
const isReady = (scope) => buildReady() && suffices(scope);

/** `scope` is `run` (what running needs) or `all` (tests too). Does nothing, in a few milliseconds, when nothing is needed. */
function prepare(scope) {
  if (isReady(scope)) return;
  const wanted = wantedPackages();
  const packagesReady = () => wanted === undefined || (havePackages()[1] === wanted && suffices(scope));
  if (packagesReady() && buildReady()) return;
  withLock(() => {
    const first = !fs.existsSync(path.join(root, "dist"));
    const done = [];
    if (!packagesReady()) {
      if (foundPackages(scope)) notePackages(scope, wanted);
      else done.push(install(scope, wanted));
    }
    if (!buildReady()) done.push(build());
    if (done.length > 0)
      process.stderr.write(`${first ? "First start" : "Set up anew"}: ${done.join(", ")}\n`);
  });
}

module.exports = { isReady, prepare, root };
