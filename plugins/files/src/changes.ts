import type { Clock, TransportStats } from '@plumbline/connector';
import { z } from 'zod';
import { hashOf } from './file-rows.ts';
import { openFile, type Folder, type OpenFile } from './folder.ts';

/** What is remembered of a file that was read. */
const fileStateSchema = z.strictObject({
  size: z.number(),
  /** Nanoseconds since 1970, as digits; null when it changed so lately that the same time may mean something else. */
  modified: z.string().nullable(),
  hash: z.string(),
  /** Whether it held keys that stand in earlier files, so that what it says depends on them. */
  sharesKeys: z.boolean(),
});
export type FileState = z.infer<typeof fileStateSchema>;

export const cursorSchema = z.strictObject({
  /** By path within the folder; files that could not be read are not in it. */
  files: z.record(z.string(), fileStateSchema),
  /** Which of the mapped columns each file had when it was last read, also of those that cannot be read now. */
  columns: z.record(z.string(), z.array(z.string())).default({}),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** File systems count time in steps; two changes within one look alike. */
const COARSEST_STEP_MS = 2_000;

interface Comparing {
  folder: Folder;
  path: string;
  before: FileState | undefined;
  signal: AbortSignal;
  stats: Pick<TransportStats, 'bytes'>;
  clock: Pick<Clock, 'now'>;
}

/** What is remembered of a file if it is as before; null when it has to be read. Throws HubError for one that cannot. */
export async function unchangedState(of: Comparing): Promise<FileState | null> {
  const { before } = of;
  const file = await openFile(of.folder, of.path);
  try {
    if (before === undefined || before.size !== file.size) return null;
    if (before.modified === file.modified) return before;
    if ((await hashOf(file, of)) !== before.hash) return null;
    return { ...before, modified: trusted(file, of.clock) };
  } finally {
    await file.handle.close();
  }
}

/** The time of its last change, if nothing can have changed since without showing. */
export function trusted({ modified }: Pick<OpenFile, 'modified'>, clock: Pick<Clock, 'now'>): string | null {
  const age = clock.now().epochMilliseconds - Number(BigInt(modified) / 1_000_000n);
  return age > COARSEST_STEP_MS ? modified : null;
}
