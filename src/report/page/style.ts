/** Style sheets: of the page, and of a drawing that leaves it. */

const light = `
  --paper: #fdfcfa; --ink: #1d1f23; --soft: #5b616b; --faint: #dedbd4; --panel: #f4f2ed; --accent: #1f4e79;
  --arm0: #1f6fb2; --arm1: #c8501e; --arm2: #23805c; --arm3: #8a4fa8; --arm4: #a1760b; --arm5: #b03060; --arm6: #3b8ea5; --arm7: #6b6b6b;
  --right: #2f7d5b; --wrong: #b5452c; --on: #ffffff;`;

const dark = `
  --paper: #15171b; --ink: #e7e5e0; --soft: #a2a7b0; --faint: #33373f; --panel: #1d2026; --accent: #8fbce6;
  --arm0: #6db3f2; --arm1: #f0935f; --arm2: #62c79a; --arm3: #c79be0; --arm4: #d9b44a; --arm5: #ec82a8; --arm6: #7cc7da; --arm7: #b0b0b0;
  --right: #4fb286; --wrong: #e07a5f; --on: #0e0f12;`;

const drawing = `
svg { font: 12.5px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--ink); }
svg .axis text { fill: var(--soft); font-variant-numeric: tabular-nums; }
svg .axis .label, svg .legend text, svg .name { fill: var(--ink); }
svg .grid { stroke: var(--faint); } svg .base { stroke: var(--soft); }
svg .zero { stroke: var(--soft); stroke-dasharray: 4 4; }
svg .pair line { stroke: var(--soft); stroke-opacity: .6; stroke-width: 1.2; }
svg .mean { stroke: var(--ink); stroke-width: 3; }
svg .dot { fill: none; stroke: var(--soft); stroke-width: 1.5; }
svg .interval { stroke: var(--ink); stroke-width: 2; } svg .centre { fill: var(--ink); }
svg .margin { fill: var(--accent); fill-opacity: .12; }
svg .stroke { fill: none; stroke-width: 2; } svg .thin { stroke-width: 1; stroke-opacity: .55; }
svg .band { stroke: none; fill-opacity: .16; }
svg .cell text { fill: var(--ink); font-variant-numeric: tabular-nums; } svg .cell.full text { fill: var(--on); }
svg .cell .minor { font-size: 11px; fill-opacity: .8; }
svg rect.right { fill: var(--right); } svg rect.wrong { fill: var(--wrong); }
${[0, 1, 2, 3, 4, 5, 6, 7].map((i) => `svg .arm${i}.fill, svg .arm${i}.band { fill: var(--arm${i}); } svg .arm${i}.stroke { stroke: var(--arm${i}); }`).join("\n")}`;

/** For an SVG file: always light, with its own paper. */
export const drawingStyle = `svg {${light} background: var(--paper); }${drawing}`;

export const pageStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.55 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; }
main, header.top, footer { max-width: 860px; margin: 0 auto; padding: 0 22px; }
header.top { padding-top: 44px; }
h1, h2, h3, .sans, table, figcaption, summary, nav, .files, dl { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 30px; line-height: 1.22; letter-spacing: -.012em; margin: 6px 0 14px; font-weight: 650; text-wrap: balance; }
h2 { font-size: 20px; margin: 52px 0 8px; padding-top: 14px; border-top: 1px solid var(--faint); font-weight: 650; }
h3 { font-size: 15.5px; margin: 28px 0 6px; font-weight: 650; }
p { margin: 8px 0; max-width: 68ch; }
a { color: var(--accent); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
.kicker { color: var(--soft); font-size: 13.5px; margin: 0; }
.verdict { border-left: 4px solid var(--accent); background: var(--panel); padding: 14px 20px 15px; margin: 18px 0; }
.verdict p { margin: 0; max-width: none; }
.verdict .what { color: var(--soft); font-size: 13.5px; }
.verdict .say { font-size: 21px; line-height: 1.38; margin: 4px 0 8px; }
.verdict .numbers { font-size: 14px; font-variant-numeric: tabular-nums; }
.verdict .numbers span { white-space: nowrap; margin-right: 20px; }
.note { font-size: 15px; border-left: 4px solid var(--wrong); padding: 2px 0 2px 16px; }
.muted, figcaption { color: var(--soft); } p.sans, .note p { font-size: 14.5px; } p.kicker { font-size: 13.5px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 22px 0 0; font-size: 14px; }
.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; font-size: 14px; line-height: 1.4; font-variant-numeric: tabular-nums; min-width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: 6px; font-size: 13.5px; }
th, td { text-align: left; padding: 6px 18px 6px 0; border-bottom: 1px solid var(--faint); vertical-align: baseline; white-space: nowrap; }
td.wrap, th.wrap { white-space: normal; min-width: 180px; }
thead th { color: var(--soft); font-weight: 500; border-bottom-color: var(--soft); }
tbody th { font-weight: 600; }
.number { text-align: right; }
td small { color: var(--soft); font-size: 12.5px; display: block; }
tr.taken th, tr.taken td { font-weight: 650; }
figure { margin: 18px 0 30px; break-inside: avoid; min-width: 0; }
figure svg { width: 100%; height: auto; display: block; }
.pair-of { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 0 34px; align-items: start; }
figcaption { font-size: 14px; line-height: 1.45; margin-top: 6px; max-width: 74ch; }
figcaption b { color: var(--ink); font-weight: 600; }
.files { font-size: 13px; white-space: nowrap; }
.confused { display: flex; flex-wrap: wrap; gap: 8px; margin: 4px 0 14px; padding: 0; list-style: none; }
.confused img { width: 84px; height: 84px; object-fit: contain; display: block; image-rendering: pixelated; background: #000; }
.confused span { display: block; font: 12px/1.4 system-ui, sans-serif; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px 22px; font-size: 14px; margin: 12px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { background: var(--panel); padding: 13px 16px; overflow-x: auto; }
details { margin: 10px 0; } summary { cursor: pointer; font-size: 14.5px; padding: 4px 0; }
footer { padding-top: 40px; padding-bottom: 60px; color: var(--soft); font-size: 13.5px; }
${drawing}
@media (max-width: 560px) {
  body { font-size: 16px; } h1 { font-size: 25px; } h2 { margin-top: 40px; } .verdict .say { font-size: 19px; }
  .verdict .numbers span { white-space: normal; display: block; }
  main, header.top, footer { padding-left: 16px; padding-right: 16px; } header.top { padding-top: 26px; }
  th, td { padding-right: 12px; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 9px; } svg { font-size: 15px; }
}
@media print {
  :root { ${light} --paper: #fff; } body { font-size: 10.5pt; } main, header.top, footer { max-width: none; padding: 0; }
  nav, .files { display: none; } h2, h3 { break-after: avoid; } tr, figure, .verdict { break-inside: avoid; }
  .scroll { overflow: visible; } th, td { white-space: normal; } pre { white-space: pre-wrap; }
  details::details-content { content-visibility: visible; block-size: auto; }
}`;
