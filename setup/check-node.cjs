// No `require` and only old syntax: the Node that is too old must get as far as the message.
"use strict";
// biome-ignore lint/complexity/useArrowFunction: an old Node reads this file
(function () {
  var version = process.versions.node.split(".");
  var major = Number(version[0]);
  if (major > 20 || (major === 20 && Number(version[1]) >= 19)) return;
  process.stderr.write(
    "dlc: needs Node 20.19 or newer, and this is Node " +
      process.versions.node +
      " (" +
      process.execPath +
      "). Get a newer one from nodejs.org or your package manager, then run the same command again.\n",
  );
  process.exit(69);
})();
