/** A header as it is compared: outer blanks off, inner ones collapsed, case folded. */
export function headerName(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}
