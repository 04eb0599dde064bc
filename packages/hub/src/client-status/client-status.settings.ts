import { HubError } from '@plumbline/connector';
import { z } from 'zod';

const clientStatusOptions = z.strictObject({
  firm: z.string().trim().min(1, 'wants the name of your firm').max(200),
});

/** `clientStatus` of the configuration: what clients are told of who shows them their status. */
export type ClientStatusOptions = z.input<typeof clientStatusOptions>;
export type ClientStatusSettings = z.output<typeof clientStatusOptions>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readClientStatusSettings(options: ClientStatusOptions): ClientStatusSettings {
  const read = clientStatusOptions.safeParse(options);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = ['clientStatus', ...(issue?.path ?? [])].join('.');
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `${path}: ${issue?.message ?? 'is wrong'}.`,
    remedy: 'Correct it in plumbline.config.ts.',
  });
}
