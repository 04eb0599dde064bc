import type { Block, Document } from './document.ts';
import { escapeHtml } from './html.ts';

const style = `
  body { font: 11pt/1.5 system-ui, sans-serif; color: #111; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; break-after: avoid; }
  .status { font-weight: 600; }
  table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
  th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid #bbb; }
  th { font-weight: 500; } th[scope="row"] { width: 14rem; } td:empty { height: 2rem; }
  h1, h2, p, li, td { overflow-wrap: anywhere; }
  @page { margin: 2cm; } @media print { body { margin: 0; padding: 0; max-width: none; } }`;

/** A document as a page of its own: nothing is fetched, nothing runs, and it prints on white paper. */
export function documentHtml({ title, blocks }: Document): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${blocks.map(written).join('\n')}
</body>
</html>
`;
}

function written(block: Block): string {
  switch (block.kind) {
    case 'status':
      return `<p class="status">${escapeHtml(block.text)}</p>`;
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'pairs':
      return `<table>${block.rows.map(pair).join('')}</table>`;
    case 'table':
      return `<table>${row('th scope="col"', block.head)}${block.rows.map((cells) => row('td', cells)).join('')}</table>`;
  }
}

function pair([label, value]: readonly [string, string]): string {
  return `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`;
}

function row(tag: string, cells: readonly string[]): string {
  const [name] = tag.split(' ');
  return `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${name}>`).join('')}</tr>`;
}
