import type { Block, Document } from './document.ts';
import { markdownLine, markdownText } from './markdown.ts';

/** A document as Markdown (CommonMark with tables). */
export function documentMarkdown({ title, blocks }: Document): string {
  return `${[`# ${markdownText(title)}`, ...blocks.map(written)].join('\n\n')}\n`;
}

function written(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${markdownText(block.text)}`;
    case 'quote':
      return block.lines.map((line) => `> ${markdownLine(line)}`).join('\n>\n');
    case 'list':
      return block.items.map((item) => `- ${markdownLine(item)}`).join('\n');
    case 'pairs':
      return table(['', ''], block.rows);
    case 'table':
      return table(block.head, block.rows);
    case 'form':
      return table(
        ['', ...block.head],
        block.labels.map((label) => [label, ...block.head.map(() => '')]),
      );
    default:
      return markdownLine(block.text);
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
