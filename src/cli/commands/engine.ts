import { listEngines } from "../../engine/open.ts";
import { ensureTensorflow } from "../ensure-engine.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { table } from "../table.ts";
import { command, lookOf, print, say } from "../terminal.ts";

export async function engine(action = "list"): Promise<ExitCode> {
  switch (action) {
    case "list": {
      const rows = listEngines().map(({ name, about, location, installs }) => {
        if (location === undefined) return [name, "always here", about];
        if (location) return [name, `${location.cc} (${location.origin})`, about];
        return [
          name,
          installs ? `not here; ${command()} engine install brings ${installs}` : "not here",
          about,
        ];
      });
      print(table(["engine", "where", "for"], rows, "lll", lookOf(process.stdout)));
      return exit.fine;
    }
    case "install": {
      const { location, installed } = await ensureTensorflow();
      if (!installed) say(`Engine: TensorFlow is here already (${location.origin})`);
      return exit.fine;
    }
    default:
      throw new UsageError(`dlc engine takes list or install, not ${action}`);
  }
}
