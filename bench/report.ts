/** One measured thing. */
export interface Line {
  what: string;
  figure: string;
  /** What it is compared with, measured in the same run; empty for a figure that stands alone. */
  against: string;
  ratio: number | null;
  /** What the ratio is to reach; null where there is none. */
  bar: number | null;
}

/** The lines as an aligned table, with a word on each bar. */
export function table(lines: readonly Line[]): string {
  const cells = [
    ['', 'measured', 'against', 'ratio', 'bar'],
    ...lines.map((line) => [
      line.what,
      line.figure,
      line.against,
      line.ratio === null ? '' : line.ratio.toFixed(2),
      line.bar === null ? '' : `${line.bar.toFixed(2)} ${(line.ratio ?? 0) >= line.bar ? 'holds' : 'missed'}`,
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
