"""The look of a page: on a wide and a narrow screen, light and dark, and on paper; no meaning in colour alone.

And the one script of a page, where a table of it can be sorted.
"""

#: A heading sorts the rows of its table: sums from the largest, texts from the first; once more the other way round.
SORT = """
for (const head of document.querySelectorAll(".sortable th")) head.firstChild.addEventListener("click", () => {
  const at = head.cellIndex, body = head.closest("table").tBodies[0], number = head.className === "number";
  const down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : number;
  const read = text => number ? parseFloat(text.replaceAll(",", "")) || 0 : text;
  const rows = [...body.rows].map(row => [read(row.cells[at].textContent), row]);
  const order = number ? (a, b) => a - b : new Intl.Collator(document.documentElement.lang, {numeric: true}).compare;
  rows.sort(([a], [b]) => down ? order(b, a) : order(a, b));
  body.append(...rows.map(([, row]) => row));
  for (const each of head.parentNode.cells) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
});
"""

CSS = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #55626f; --line: #d9dfe5; --paper: #fff; --shade: #f5f7f9;
  --yes: #1b6e3c; --unknown: #7d5200; --no: #8d2f2f; --accent: #1f4e79; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ed; --soft: #a5b1bd; --line: #3a4652; --paper: #161c22;
  --shade: #0f1419; --yes: #6fce94; --unknown: #e8b454; --no: #f09c9c; --accent: #8cc0f0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--shade); color: var(--ink); line-height: 1.55; font-size: 15px;
  overflow-wrap: anywhere;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 32px 48px; background: var(--paper); }
h1, h2, h3, h4 { line-height: 1.35; }
h1 { font-size: 24px; margin: 0 0 8px; color: var(--accent); border-bottom: 2px solid; padding-bottom: 8px; }
h2 { font-size: 20px; margin: 32px 0 12px; }
h3 { font-size: 16px; margin: 26px 0 8px; color: var(--accent); }
h4 { font-size: 14px; margin: 14px 0 4px; }
small { font-weight: normal; font-size: 13px; color: var(--soft); margin-left: 6px; }
p { margin: 6px 0; }
.strong { font-weight: 600; } .faint { color: var(--soft); } .label { color: var(--accent); }
.yes { color: var(--yes); } .unknown { color: var(--unknown); } .no { color: var(--no); }
.alert { color: var(--no); font-weight: 600; }
.under { display: block; font-size: 13px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0; }
.cards > div { border: 1px solid var(--line); border-top: 3px solid; border-radius: 4px; padding: 10px 14px 12px; }
.cards dt { font-size: 13px; }
.cards dd { margin: 2px 0 0; font-size: 12px; color: var(--soft); }
.cards dd.figure { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; color: var(--ink);
  line-height: 1.35; }
table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 6px 0; }
th, td { text-align: left; vertical-align: top; padding: 7px 10px; border-bottom: 1px solid var(--line); }
thead th { background: var(--shade); color: var(--soft); font-weight: 600; font-size: 13px; white-space: nowrap; }
td:first-child, .number, td .yes, td .unknown, td .no { white-space: nowrap; }
td .under { white-space: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.total td { font-weight: 600; border-top: 2px solid var(--soft); }
dl.fields { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 4px 0 10px; font-size: 14px; }
dl.fields dt { color: var(--soft); }
dl.fields dd { margin: 0; }
ul { margin: 4px 0; padding-left: 22px; font-size: 14px; }
ul.marked { list-style: none; padding-left: 2px; }
ul.tree { list-style: none; padding-left: 0; }
ul.tree ul { list-style: none; padding-left: 18px; border-left: 1px solid var(--line); margin-left: 6px; }
.scroll { overflow-x: auto; }
.sortable th, .sortable td:first-child { white-space: normal; min-width: 5em; }
.scroll:focus-visible { outline: 2px solid var(--accent); }
th button { font: inherit; color: inherit; text-align: inherit; background: none; border: 0; padding: 0;
  cursor: pointer; }
th[aria-sort] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
figure { margin: 12px 0; }
svg { display: block; width: 100%; max-width: 620px; }
svg .ink { fill: var(--ink); } svg .soft { fill: var(--soft); }
svg .bar-low { fill: var(--yes); } svg .bar-high { fill: var(--yes); opacity: .4; }
svg .bar-open { stroke: var(--yes); }
details { border: 1px solid var(--line); border-radius: 4px; padding: 0 14px; margin: 6px 0; }
details[open] { padding-bottom: 8px; }
summary { padding: 8px 0; cursor: pointer; font-weight: 600; }
.paper { display: none; color: var(--soft); }
summary:focus-visible { outline: 2px solid var(--accent); }
@media screen and (max-width: 640px) {
  main { padding: 16px; }
  .cards { grid-template-columns: 1fr 1fr; }
  .cards dd.figure { font-size: 18px; }
  table:not(.sortable), :not(.sortable) > tbody, :not(.sortable) > tbody > tr { display: block; }
  :not(.sortable) > thead { display: none; }
  :not(.sortable) > tbody > tr { border-bottom: 1px solid var(--line); padding: 6px 0; }
  :not(.sortable) > tbody > tr.total { border-top: 2px solid var(--soft); }
  :not(.sortable) > tbody > tr > td { display: grid; grid-template-columns: 82px 1fr; gap: 0 6px; border: 0;
    padding: 1px 0; text-align: left; white-space: normal; min-height: 1.6em; }
  :not(.sortable) > tbody td > * { grid-column: 2; }
  :not(.sortable) > tbody td::before { content: attr(data-head); grid-row: 1 / span 9; color: var(--soft);
    font-size: 12px; }
  .sortable { min-width: 680px; }
  dl.fields { grid-template-columns: 1fr; }
}
@media print {
  @page { size: A4; margin: 10mm; }
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --shade: #fff; --line: #bbb; }
  body { font-size: 9pt; line-height: 1.25; }
  main { max-width: none; padding: 0; }
  p, table, ul, dl.fields { font-size: 8pt; }
  .under, small, .cards dd { font-size: 7.5pt; }
  .under { display: inline; margin-left: 8px; }
  figure { margin: 4px 0; }
  .cards dd.figure { font-size: 14pt; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(34mm, 1fr)); gap: 6px; }
  .cards > div { padding: 4px 8px; }
  th, td { padding: 1.5px 4px; }
  thead th { font-size: 8pt; }
  h4 + dl.fields { display: block; columns: 2; column-gap: 16px; }
  dl.fields dt, dl.fields dd { display: inline; }
  dl.fields dd::after { content: ""; display: block; }
  ul { columns: 2; column-gap: 16px; }
  ul.tree, ul.tree ul { columns: auto; }
  p, ul, table, dl.fields { margin-top: 2px; margin-bottom: 2px; }
  h1 { font-size: 15pt; padding-bottom: 3px; margin-bottom: 4px; }
  h2 { font-size: 12pt; margin: 8px 0 4px; } h3 { font-size: 10pt; margin: 8px 0 3px; } h4 { margin: 6px 0 2px; }
  thead { display: table-header-group; }
  tr, .cards > div, li { break-inside: avoid; }
  h2, h3, h4, summary, p:has(+ table) { break-after: avoid; }
  .paper:has(~ details:not([open])) { display: block; }
  details { break-inside: avoid; padding: 0 6px; margin: 2px 0; }
  summary { padding: 1px 0; list-style: none; }
  svg { max-width: 100mm; }
  .sheet { break-before: page; }
  .sheet:has(~ .paper):not(:has(~ details[open])) { break-before: auto; }
}
"""
