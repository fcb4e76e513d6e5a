import type { Look } from "./terminal.ts";

/** A bar of `width` columns, `fraction` of it filled. */
export function bar(fraction: number, width: number, look: Look): string {
  const halves = Math.round(Math.min(1, Math.max(0, fraction)) * width * 2);
  if (!look.unicode) {
    const full = halves >> 1;
    return `[${"#".repeat(full)}${".".repeat(width - full)}]`;
  }
  const filled = "━".repeat(halves >> 1) + (halves % 2 === 1 ? "╸" : "");
  const rest = "━".repeat(width - filled.length);
  return look.colour
    ? `\x1b[36m${filled}\x1b[90m${rest}\x1b[0m`
    : `${filled}${"─".repeat(width - filled.length)}`;
}
