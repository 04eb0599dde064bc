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
      return table(block.head, block.rows, block.numbers);
    case 'form':
      return table(
        ['', ...block.head],
        block.labels.map((label) => [label, ...block.head.map(() => '')]),
      );
    default:
      return markdownLine(block.text);
  }
}

/** A row that is longer would break in a terminal, however it is padded. */
const TERMINAL_WIDTH = 100;

/** Figures are read down their column: a table with numbers is padded, the numbers to the right, where it fits. */
function table(head: readonly string[], rows: readonly (readonly string[])[], numbers: readonly string[] = []): string {
  const lines = [head, ...rows].map((cells) => cells.map(markdownText));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const fits = widths.reduce((total, width) => total + width + 3, 1) <= TERMINAL_WIDTH;
  const columns = head.map((each, column) => ({
    width: fits && numbers.length > 0 ? (widths[column] ?? 0) : 0,
    isNumber: numbers.includes(each),
  }));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = columns.map(
    ({ width, isNumber }) =>
      (text: string): string =>
        isNumber ? text.padStart(width) : text.padEnd(width),
  );
  const rules = columns.map(({ width, isNumber }) =>
    isNumber ? `${'-'.repeat(Math.max(2, width - 1))}:` : '-'.repeat(Math.max(3, width)),
  );
  const [first = [], ...others] = lines.map((cells) => cells.map((text, column) => padded[column]?.(text) ?? text));
  return [first, rules, ...others].map(line).join('\n');
}
