/** Starts `dlc lsp` for the editor and runs studies in its terminal. What is shown comes from there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** The setting, else the file `dlc` in a folder of the workspace, else the one on the PATH. */
function dlc(): string {
  const written = vscode.workspace.getConfiguration("dlc").get<string>("path")?.trim();
  if (written) return written;
  const name = process.platform === "win32" ? "dlc.cmd" : "dlc";
  const beside = (vscode.workspace.workspaceFolders ?? [])
    .map(({ uri }) => join(uri.fsPath, name))
    .find(existsSync);
  return beside ?? "dlc";
}

async function start(): Promise<void> {
  const command = dlc();
  client = new LanguageClient(
    "dlc",
    "dlc",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: [{ language: "dlc" }],
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.dl") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    const choice = await vscode.window.showErrorMessage(
      `${command} could not be started: ${error instanceof Error ? error.message : String(error)}. Say where dlc is.`,
      "Open Settings",
    );
    if (choice) await vscode.commands.executeCommand("workbench.action.openSettings", "dlc.path");
  }
}

async function stop(): Promise<void> {
  await client?.stop().catch(() => {});
  client = undefined;
}

/** `dlc check|plan|run FILE` of the file that is being edited, in a terminal. */
async function inTerminal(verb: "check" | "plan" | "run"): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "dlc") {
    await vscode.window.showInformationMessage("Open the .dl file of the study first.");
    return;
  }
  if (!(await document.save())) return;
  const file = document.uri.fsPath;
  const task = new vscode.Task(
    { type: "dlc", verb, file },
    vscode.workspace.getWorkspaceFolder(document.uri) ?? vscode.TaskScope.Workspace,
    `${verb} ${vscode.workspace.asRelativePath(file)}`,
    "dlc",
    new vscode.ShellExecution(dlc(), [verb, file]),
  );
  await vscode.tasks.executeTask(task);
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  for (const verb of ["check", "plan", "run"] as const)
    context.subscriptions.push(vscode.commands.registerCommand(`dlc.${verb}`, () => inTerminal(verb)));
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("dlc.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("dlc.path")) void restart();
    }),
  );
  await start();
}

export const deactivate = stop;
