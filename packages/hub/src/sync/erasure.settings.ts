import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';
import { RefusedError } from '../kernel/api-error.ts';

const key = z.string().trim().min(1, 'wants the name of an API key, such as "key 1a2b3c4d"').max(200);

const erasureSchema = z.strictObject({
  /** Names of the API keys whose holders may erase, beside whoever is at this machine. */
  by: z.array(key).max(100).default([]),
});

/** `erasure` of the configuration: who may have the hub forget somebody. */
export type ErasureOptions = z.input<typeof erasureSchema>;
export type ErasureSettings = z.output<typeof erasureSchema>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readErasureSettings(options: ErasureOptions): ErasureSettings {
  return readSetting('erasure', erasureSchema, options);
}

/** Who is at this machine, without a key or by a command of its own. */
const AT_THIS_MACHINE = 'local';

/** Throws RefusedError for who may not erase. */
export function requireEraser(actor: string, { by }: ErasureSettings): void {
  if (actor === AT_THIS_MACHINE || by.includes(actor)) return;
  throw new RefusedError({
    guard: 'eraser',
    message: `${actor} may not erase.`,
    remedy: 'Name the key in `erasure.by` of plumbline.config.ts, or use `plumbline erase` where the hub runs.',
  });
}

declare module '../kernel/context.ts' {
  interface Context {
    erasure: ErasureSettings;
  }
}
