import { markdownLine as line, markdownText as inLine } from '../kernel/markdown.ts';
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
