/** A name for the stream of a table of this title, which stays when the table is renamed. */
export function freeName(title: string, { taken, otherwise }: { taken: readonly string[]; otherwise: string }): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  const wanted =
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || otherwise;
  for (let count = 2; ; count += 1) {
    const name = count === 2 && !taken.includes(wanted) ? wanted : `${wanted}-${count}`;
    if (!taken.includes(name)) return name;
  }
}
