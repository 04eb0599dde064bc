import type { Setting, Subject } from '@plumbline/conformance';
import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIRST = 'rows-1.csv';
const SECOND = 'rows-2.csv';

interface Line {
  label: string;
  rate: string;
  file: string;
}

/** A table in two files of a folder, as the conformance kit wants it: every edit writes them whole, as exports do. */
export async function openFileRows({ clock }: Setting): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-rows-'));
  const away = `${folder}-away`;
  const lines = new Map<string, Line>();
  let made = 0;
  const write = (): void => {
    for (const file of [FIRST, SECOND]) {
      const own = [...lines].filter(([, line]) => line.file === file);
      const text = ['Key,Role,Bill rate', ...own.map(([id, { label, rate }]) => `${id},${label},${rate}`)].join('\n');
      const path = join(folder, file);
      writeFileSync(path, `${text}\n`);
      const seconds = clock.now().epochMilliseconds / 1_000;
      utimesSync(path, seconds, seconds);
    }
  };
  const edit = (id: string, change: Partial<Line>): void => {
    const line = lines.get(id);
    if (!line) throw new RangeError(`there is no row ${id}`);
    lines.set(id, { ...line, ...change });
    write();
  };
  const add = (label: string): string => {
    const id = `rate-${(made += 1)}`;
    lines.set(id, { label, rate: '150', file: made % 2 === 0 ? SECOND : FIRST });
    return id;
  };
  write();
  return {
    config: {
      folder,
      tables: [
        {
          name: 'rates',
          files: 'rows-*.csv',
          kind: 'rate',
          key: { column: 'Key' },
          columns: { role: 'Role', billRate: { column: 'Bill rate', currency: 'EUR' } },
        },
      ],
    },
    secrets: {},
    pageSize: 200,
    make(drafts) {
      const ids = drafts.map(({ label }) => add(label));
      write();
      return ids;
    },
    create(label) {
      const id = add(label);
      write();
      return id;
    },
    change: (id, label) => edit(id, { label }),
    remove(id) {
      lines.delete(id);
      write();
    },
    move: (id) => edit(id, { file: lines.get(id)?.file === FIRST ? SECOND : FIRST }),
    revoke: () => renameSync(folder, away),
    grant: () => renameSync(away, folder),
    spoil: (id) => edit(id, { rate: 'lots' }),
    repair: (id) => edit(id, { rate: '150' }),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
