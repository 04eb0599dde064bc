import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';

const clientStatusOptions = z.strictObject({
  firm: z.string().trim().min(1, 'wants the name of your firm').max(200),
});

/** `clientStatus` of the configuration: what clients are told of who shows them their status. */
export type ClientStatusOptions = z.input<typeof clientStatusOptions>;
export type ClientStatusSettings = z.output<typeof clientStatusOptions>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readClientStatusSettings(options: ClientStatusOptions): ClientStatusSettings {
  return readSetting('clientStatus', clientStatusOptions, options);
}
