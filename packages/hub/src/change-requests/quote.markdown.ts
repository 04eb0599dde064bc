import type { QuoteDocument } from './quote.document.ts';

/** The quote as Markdown (CommonMark with tables). */
export function quoteMarkdown({ title, status, about, asked, means, decided }: QuoteDocument): string {
  const blocks = [
    `# Quote for a change: ${inLine(title)}`,
    line(status),
    table(about),
    '## What is asked for',
    asked.length === 0 ? line(title) : asked.map((each) => `> ${line(each)}`).join('\n>\n'),
    '## What it means',
    table(means),
    '## Decision',
    decided === null
      ? table([
          ['Decision', '☐ accepted / ☐ declined'],
          ['Name', ''],
          ['Date', ''],
          ['Signature', ''],
        ])
      : line(decided),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return ['| | |', '| --- | --- |', ...rows.map(([label, value]) => `| ${inLine(label)} | ${inLine(value)} |`)].join(
    '\n',
  );
}

/** Text that means itself at the start of a line: no list, no rule, no underline of a heading. */
function line(text: string): string {
  return inLine(text)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Text that means itself within a line and a cell: no markup, no tags, no links. */
function inLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>&|~#]/g, '\\$&');
}
