/** Text that means itself at the start of a line: no list, no rule, no underline of a heading. */
export function markdownLine(text: string): string {
  return markdownText(text)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Text that means itself within a line and a cell: no markup, no tags, and no links, also of bare addresses. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>&|~#@]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&');
}
