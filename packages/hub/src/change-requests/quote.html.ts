import { escapeHtml } from '../kernel/html.ts';
import type { QuoteDocument } from './quote.document.ts';

const style = `
  body { font: 11pt/1.5 system-ui, sans-serif; color: #111; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; break-after: avoid; }
  .status { font-weight: 600; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid #bbb; }
  th { width: 14rem; font-weight: 500; }
  blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid #bbb; }
  p, td, h1 { overflow-wrap: anywhere; }
  section { break-inside: avoid; } .blank td { height: 2rem; }
  @page { margin: 2cm; } @media print { body { margin: 0; padding: 0; max-width: none; } }`;

/** The quote as a page of its own: nothing is fetched, nothing runs, and it prints on white paper. */
export function quoteHtml({ title, status, about, asked, means, decided }: QuoteDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Quote for a change: ${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<h1>Quote for a change: ${escapeHtml(title)}</h1>
<p class="status">${escapeHtml(status)}</p>
${table(about)}
<h2>What is asked for</h2>
<blockquote>${(asked.length === 0 ? [title] : asked).map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</blockquote>
<h2>What it means</h2>
${table(means)}
<section>
<h2>Decision</h2>
${
  decided === null
    ? `<table class="blank">${row(['Decision', '☐ accepted / ☐ declined'])}${['Name', 'Date', 'Signature'].map((label) => row([label, ''])).join('')}</table>`
    : `<p>${escapeHtml(decided)}</p>`
}
</section>
</body>
</html>
`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return `<table>${rows.map(row).join('')}</table>`;
}

function row([label, value]: readonly [string, string]): string {
  return `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`;
}
