import type { Rows } from './document.ts';
import { escapeHtml } from './html.ts';

/**
 * The look of every page: read on a desk, on a phone, where each row of a table becomes a block with its labels,
 * and on paper. Whatever is coloured says in words, too, what the colour means.
 */
export const pageStyle = `
  :root { color-scheme: light; }
  body { font: 11pt/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin: 2.25rem 0 0.5rem; }
  h3 { font-size: 1rem; margin: 1.5rem 0 0.25rem; } h1, h2, h3 { break-after: avoid; }
  p, ul, blockquote { max-width: 46rem; } blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid #767676; }
  h1, h2, h3, p, li, th, td { overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: left; }
  .status { font-weight: 600; }
  table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
  caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  th, td { vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid #bbb; min-width: 6em; }
  thead { display: table-header-group; } thead th { font-size: 0.9em; font-weight: 600; color: #444; vertical-align: bottom; border-color: #767676; }
  th { font-weight: 500; } .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } td.number, th.number { padding-right: 1.5rem; }
  .pairs th { width: 14rem; } .pairs, .form { break-inside: avoid; } .pairs td:empty, .form tbody td { height: 2rem; }
  .form { table-layout: fixed; } .form thead td { border-color: #767676; }
  .marked tr > :first-child { border-left: 5px solid transparent; padding-left: 0.6rem; }
  .marked tr.bad > :first-child { border-left-color: #b3261e; } .marked tr.watch > :first-child { border-left-color: #b07800; }
  .marked tr.good > :first-child { border-left-color: #2e7d32; }
  @media screen and (max-width: 40rem) {
    .pairs th { width: 8rem; }
    .rows, .rows tbody, .rows tr, .rows th, .rows td { display: block; } .rows thead { display: none; }
    .rows tr { padding: 0.5rem 0; border-bottom: 1px solid #bbb; } .rows th, .rows td { border-bottom: 0; padding: 0.1rem 0; }
    .rows th { font-weight: 600; } .rows td { display: grid; grid-template-columns: 8rem 1fr; column-gap: 0.5rem; } .rows td:empty { display: none; }
    .rows td::before { content: attr(data-label); color: #555; } .rows .number { text-align: left; white-space: normal; }
    .marked tr { border-left: 5px solid transparent; padding-left: 0.6rem; } .marked tr > :first-child { border-left: 0; padding-left: 0; }
    .marked tr.bad { border-left-color: #b3261e; } .marked tr.watch { border-left-color: #b07800; } .marked tr.good { border-left-color: #2e7d32; }
  }
  @page { margin: 1.8cm; }
  @media print { body { margin: 0; padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; } table { font-size: 9pt; } }
`;

/** A page of its own with an escaped title; `head` and `body` are HTML. */
export function pageHtml(page: { title: string; head: string; style: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${page.head}
<title>${escapeHtml(page.title)}</title>
<style>${page.style}</style>
</head>
<body>
<main>
${page.body}
</main>
</body>
</html>
`;
}

/** A table with its texts escaped; on a phone each row is a block, its cells with their heads. */
export function rowsHtml(caption: string, { head, rows, numbers = [], marks }: Rows): string {
  const isNumber = head.map((each) => numbers.includes(each));
  const heads = head.map(
    (each, index) => `<th scope="col"${isNumber[index] ? ' class="number"' : ''}>${escapeHtml(each)}</th>`,
  );
  const cell = (text: string, index: number): string => {
    if (index === 0) return `<th scope="row">${escapeHtml(text)}</th>`;
    const label = `data-label="${escapeHtml(head[index] ?? '')}"`;
    return `<td${isNumber[index] ? ' class="number"' : ''} ${label}>${escapeHtml(text)}</td>`;
  };
  const lines = rows.map((cells, index) => {
    const mark = marks?.[index];
    return `<tr${mark ? ` class="${mark}"` : ''}>${cells.map(cell).join('')}</tr>`;
  });
  return `<table class="rows${marks ? ' marked' : ''}"><caption>${escapeHtml(caption)}</caption>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table>`;
}
