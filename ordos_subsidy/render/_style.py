"""The look of the page: on a screen, on paper, and for eyes that do not tell red from green."""

CSS = """
:root { --ink: #1c2733; --soft: #5b6875; --line: #d9dfe5; --paper: #fff; --shade: #f5f7f9;
  --yes: #1b6e3c; --unknown: #8a5a00; --no: #8d2f2f; --accent: #1f4e79; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--shade); color: var(--ink); line-height: 1.55; font-size: 15px;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 32px 48px; background: var(--paper); }
header { border-bottom: 2px solid var(--accent); padding-bottom: 12px; }
h1 { font-size: 24px; margin: 0; color: var(--accent); }
header p { margin: 2px 0 0; color: var(--soft); }
h2 { font-size: 20px; margin: 32px 0 12px; overflow-wrap: anywhere; }
h2 small { font-weight: normal; font-size: 14px; color: var(--soft); margin-left: 10px; }
h3 { font-size: 16px; margin: 26px 0 8px; color: var(--accent); }
h3 small { font-weight: normal; font-size: 13px; color: var(--soft); margin-left: 8px; }
h4 { font-size: 14px; margin: 14px 0 4px; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 0; }
.cards > div { border: 1px solid var(--line); border-top: 3px solid var(--soft); border-radius: 4px;
  padding: 10px 14px 12px; }
.cards > .assured { border-top-color: var(--yes); }
.cards > .ceiling { border-top-color: var(--accent); }
.cards > .pending { border-top-color: #c98a12; }
.cards dt { font-size: 13px; color: var(--soft); }
.cards .figure { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere; line-height: 1.35; }
.cards .says { margin: 2px 0 0; font-size: 12px; color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 10px; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
thead th { background: var(--shade); color: var(--soft); font-weight: 600; font-size: 13px; white-space: nowrap;
  border-bottom: 1px solid #b8c2cc; }
td.nowrap { white-space: nowrap; overflow-wrap: normal; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.total td { font-weight: 600; border-top: 2px solid #b8c2cc; }
tr.no td { color: var(--soft); }
.title { font-weight: 600; }
.aside { display: block; color: var(--soft); font-size: 13px; }
.waits { display: block; color: var(--unknown); font-size: 13px; }
.asks { color: var(--soft); font-size: 13px; }
.verdict { display: inline-block; padding: 0 8px; border: 1px solid; border-radius: 10px; font-size: 13px;
  white-space: nowrap; }
.verdict.yes { color: var(--yes); } .verdict.unknown { color: var(--unknown); } .verdict.no { color: var(--no); }
.note, .notes { color: var(--soft); font-size: 13px; }
table.awards { table-layout: fixed; }
table.awards th:nth-child(1), table.preferences td:nth-child(1) { width: 88px; }
table.awards th:nth-child(2) { width: 25%; }
table.awards th:nth-child(3) { width: 104px; }
table.awards th:nth-child(4) { width: 14%; }
table.awards th:nth-child(5) { width: 13%; }
table.awards th:nth-child(6) { width: 100px; }
table.preferences { table-layout: fixed; }
table.preferences td:nth-child(2) { width: 42%; }
table.totals { width: auto; min-width: 56%; }
ul.numbered { list-style: none; padding-left: 2px; }
.notes, footer ul { margin: 4px 0; padding-left: 22px; }
.alert { border-left: 4px solid var(--no); padding: 6px 12px; background: #fbf1f1; }
footer { margin-top: 34px; padding-top: 8px; border-top: 1px solid var(--line); font-size: 13px;
  color: var(--soft); }
@media screen and (max-width: 760px) { .cards { grid-template-columns: 1fr 1fr; } main { padding: 16px; } }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { background: none; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  table { font-size: 9.5pt; }
  table.awards th:nth-child(1), table.preferences td:nth-child(1) { width: 80px; }
  table.awards th:nth-child(6) { width: 86px; }
  thead { display: table-header-group; }
  tr, .cards > div { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  section.firm + section.firm { break-before: page; }
}
"""
