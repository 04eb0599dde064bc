import type { Block, Document } from './document.ts';
import { escapeHtml } from './html.ts';
import { pageHtml, pageStyle, rowsHtml } from './page.html.ts';

const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;

/** A document as a page of its own: nothing is fetched, nothing runs, and it prints on white paper. */
export function documentHtml({ title, blocks }: Document): string {
  let caption = title;
  const parts = blocks.map((block) => {
    if (block.kind === 'heading') caption = block.text;
    return written(block, caption);
  });
  return pageHtml({
    title,
    head: policy,
    style: pageStyle,
    body: [`<h1>${escapeHtml(title)}</h1>`, ...parts].join('\n'),
  });
}

/** `caption` is the heading it stands under. */
function written(block: Block, caption: string): string {
  switch (block.kind) {
    case 'status':
      return `<p class="status">${escapeHtml(block.text)}</p>`;
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'quote':
      return `<blockquote>${block.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</blockquote>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'pairs':
      return `<table class="pairs"><caption>${escapeHtml(caption)}</caption>${block.rows.map(pair).join('')}</table>`;
    case 'table':
      return rowsHtml(caption, block);
    case 'form':
      return form(caption, block);
  }
}

function pair([label, value]: readonly [string, string]): string {
  return `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`;
}

function form(caption: string, { head, labels }: Extract<Block, { kind: 'form' }>): string {
  const heads = head.map((each) => `<th scope="col">${escapeHtml(each)}</th>`).join('');
  const room = head.map(() => '<td></td>').join('');
  const rows = labels.map((label) => `<tr><th scope="row">${escapeHtml(label)}</th>${room}</tr>`);
  return `<table class="form"><caption>${escapeHtml(caption)}</caption><thead><tr><td></td>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
