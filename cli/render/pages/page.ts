import { chartStyle } from "../charts/chart-colours.ts";
import { escapeHtml } from "./html.ts";

const style = `${chartStyle}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:808px;margin:0 auto;padding:16px}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
p{margin:.5rem 0}
.lead{font-size:1.15rem}
.muted,figcaption,caption,footer{color:var(--muted)}
figure{margin:1rem 0}
figcaption,caption{font-size:.9rem;text-align:left}
figcaption b{color:var(--ink)}
svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
.table{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
th[scope=row]{font-weight:600}
td{font-variant-numeric:tabular-nums}
ul{padding-left:1.2rem}
code{font-size:.9em}
@media screen and (max-width:560px){.wide{display:none}.narrow{display:block}main{padding:12px 16px}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
caption,tbody,tr,th[scope=row],td{display:block}
tr{padding:.4rem 0;border-bottom:1px solid var(--line)}
th[scope=row],td{border:0;padding:.05rem 0}
td:empty{display:none}
td::before{content:attr(data-head) ": ";color:var(--muted)}}
@media print{main{max-width:none;padding:0}figure,tr{break-inside:avoid}h2{break-after:avoid}.table{overflow:visible}}`;

/** A page that needs nothing else: style and pictures are inside, there is no script, and it asks nobody for anything. */
export function htmlPage(title: string, sections: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style></head>`,
    `<body><main><h1>${escapeHtml(title)}</h1>`,
    ...sections,
    "</main></body></html>\n",
  ].join("\n");
}
