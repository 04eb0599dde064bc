/**
 * Plain text of an Atlassian Document: paragraphs and list items become lines, unknown nodes give their children's text.
 * A plain string is returned as it is (single-line fields), anything else gives null.
 */
export function adfText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!isNode(value)) return null;
  return blocks(value)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

interface Node {
  type: string;
  text?: unknown;
  attrs?: Record<string, unknown>;
  content?: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function children(node: Node): Node[] {
  return Array.isArray(node.content) ? node.content.filter(isNode) : [];
}

/** The text of what stands within one line: of a paragraph or a heading. */
const inline: Readonly<Record<string, (node: Node) => string>> = {
  text: (node) => (typeof node.text === 'string' ? node.text : ''),
  hardBreak: () => '\n',
  mention: (node) => attribute(node, 'text'),
  emoji: (node) => attribute(node, 'text') || attribute(node, 'shortName'),
  status: (node) => attribute(node, 'text'),
  inlineCard: (node) => attribute(node, 'url'),
  blockCard: (node) => attribute(node, 'url'),
  embedCard: (node) => attribute(node, 'url'),
  media: (node) => attribute(node, 'alt'),
  date: (node) => calendarDate(attribute(node, 'timestamp')),
  rule: () => '---',
};

function blocks(node: Node): string {
  const render = inline[node.type];
  if (render) return render(node);
  switch (node.type) {
    case 'paragraph':
    case 'heading':
    case 'caption':
      return `${children(node).map(blocks).join('')}\n\n`;
    case 'codeBlock':
      return `${children(node).map(blocks).join('')}\n\n`;
    case 'bulletList':
    case 'taskList':
    case 'decisionList':
      return list(node, () => '- ');
    case 'orderedList':
      return list(node, (index) => `${Number(node.attrs?.['order'] ?? 1) + index}. `);
    case 'tableRow':
      return `${children(node).map(oneLine).join(' | ')}\n`;
    case 'table':
      return `${children(node).map(blocks).join('')}\n`;
    default:
      return children(node).map(blocks).join('');
  }
}

function list(node: Node, marker: (index: number) => string): string {
  const items = children(node).map((item, index) => {
    const lines = blocks(item)
      .replace(/\n{2,}/g, '\n')
      .trim()
      .split('\n');
    return `${marker(index)}${lines.join('\n  ')}\n`;
  });
  return `${items.join('')}\n`;
}

function oneLine(node: Node): string {
  return blocks(node)
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}

function attribute(node: Node, name: string): string {
  const value = node.attrs?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A date node holds epoch milliseconds of midnight UTC, as text. */
function calendarDate(timestamp: string): string {
  const milliseconds = Number(timestamp);
  if (timestamp === '' || !Number.isSafeInteger(milliseconds) || Math.abs(milliseconds) > 8.64e15) return timestamp;
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString().slice(0, 10);
}
