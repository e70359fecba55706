/** The report's looks; readable on paper too. */
export const reportStyle = `
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1d2433; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; font-size: 1.7rem; } h2 { margin: 2rem 0 .3rem; font-size: 1.15rem; }
p { margin: .3rem 0; } small { color: #4a5468; } code { font-size: .85em; overflow-wrap: anywhere; }
.whole, .damaged { border-left: .3rem solid #2a7d4f; padding: .2rem .7rem; } .damaged { border-color: #b3261e; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .5rem 0; } dt { color: #4a5468; font-size: .85rem; } dd { margin: 0; font-size: 1.35rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; font-weight: normal; }
thead th { border-bottom: 1px solid #9aa3b5; color: #4a5468; font-size: .85rem; white-space: nowrap; }
.cases td, .cases tbody th { border-bottom: 1px solid #e0e4ec; font-size: .87rem; overflow-wrap: anywhere; } .cases { table-layout: fixed; }
.cases th:nth-child(1) { width: 27%; } .cases th:nth-child(2) { width: 21%; } .cases th:nth-child(3) { width: 21%; } .cases th:nth-child(4) { width: 13%; }
.figure tbody th { white-space: nowrap; } .number { text-align: right; width: 4rem; font-variant-numeric: tabular-nums; }
.chart { width: 60%; } .bars { display: flex; height: 1.1rem; } .bar { display: block; height: 100%; }
.key { display: inline-block; width: .7rem; height: .7rem; margin-right: .3rem; }
.c0 { background: #1d5b8f; } .c1 { background: #d98b1f; } .c2 { background: #6b7280; } .c3 { background: #c9ced8; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@page { size: A4; margin: 14mm; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } tr, .figure { break-inside: avoid; } .bar, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
