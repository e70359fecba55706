/** The looks of every page of a report; readable on paper, on a telephone and in the dark. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1d2433; --quiet: #4a5468; --line: #cdd3de; --paper: #fff; --good: #2a7d4f; --bad: #b3261e; --doubt: #8a5a00; --soft: #f3f5f9; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --quiet: #aab3c5; --line: #3b4356; --paper: #151922; --good: #58b982; --bad: #ff8a80; --doubt: #e0a94a; --soft: #1e2430; } }
* { box-sizing: border-box; }
body { max-width: 66rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; } h2 { margin: 2.2rem 0 .4rem; font-size: 1.2rem; } h3 { margin: 1.2rem 0 .2rem; font-size: 1rem; }
p { margin: .3rem 0; max-width: 52rem; } small { color: var(--quiet); } code, pre { font-size: .85em; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--soft); padding: .6rem; margin: .4rem 0; } a { color: inherit; }
.verdict { border-left: .3rem solid var(--doubt); padding: .2rem .8rem; margin: .8rem 0; background: var(--soft); }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); } .verdict.bad strong { color: var(--bad); }
ul { margin: .3rem 0; padding-left: 1.2rem; } .none { color: var(--quiet); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .5rem 2rem; margin: .6rem 0; } dt { color: var(--quiet); font-size: .85rem; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; font-weight: normal; border-bottom: 1px solid var(--line); min-width: 3rem; }
thead th { color: var(--quiet); font-size: .82rem; overflow-wrap: normal; } tr.total > * { font-weight: 600; border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.chart { width: 50%; } .bars { display: flex; height: 1.1rem; } .bar { display: block; height: 100%; }
.key { display: inline-block; width: .7rem; height: .7rem; margin-right: .3rem; }
.c0 { background: #3a7ab5; } .c1 { background: #d98b1f; } .c2 { background: #7b8496; } .c3 { background: #b9c0cd; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.blank { border-bottom: 1px solid var(--ink); min-height: 1.6rem; } .sheet { break-before: page; margin-top: 3rem; border-top: 2px solid var(--line); padding-top: 1rem; }
@media screen and (max-width: 44rem) {
  thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; } thead * { display: none; } table, tbody, tr, tbody th, td { display: block; } tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  tbody th, td { border: 0; padding: .1rem 0; } td[data-head] { display: grid; grid-template-columns: 8.5rem 1fr; gap: .6rem; } td[data-head]::before { content: attr(data-head); color: var(--quiet); font-size: .82rem; }
  .number { text-align: left; } .chart { width: 100%; } tbody th { font-weight: 600; } dl { grid-template-columns: 1fr; }
}
@page { size: A4; margin: 14mm 14mm 18mm; @bottom-left { font: 7pt system-ui, sans-serif; color: #444; width: 85%; text-align: left; } @bottom-right { content: "page " counter(page) " of " counter(pages); font: 7pt system-ui, sans-serif; color: #444; } }
@media print {
  :root { --ink: #000; --quiet: #444; --line: #bbb; --paper: #fff; --soft: #f6f6f6; color-scheme: light; font-size: 10.5px; }
  body { margin: 0; padding: 0; max-width: none; } tr, .figure, .verdict, dl > div { break-inside: avoid; } tr.total { break-before: avoid; } h2, h3 { break-after: avoid; } thead { display: table-header-group; }
  .sheet { margin-top: 0; border-top: 0; padding-top: 0; } .bar, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
