import { z } from 'zod';
import { badSetting, readSetting } from '../kernel/setting.ts';

const clientStatusOptions = z.strictObject({
  firm: z.string().trim().min(1, 'wants the name of your firm').max(200),
  /** Sources, by id, that say ACCEPTED once the client has accepted a milestone. */
  acceptanceKeptIn: z.array(z.string()).default([]),
});

/** `clientStatus` of the configuration: who shows clients their status, and what is asked of them there. */
export type ClientStatusOptions = z.input<typeof clientStatusOptions>;
export type ClientStatusSettings = z.output<typeof clientStatusOptions>;

/** Checks the configuration against the ids of the sources there are; throws HubError that names the wrong setting. */
export function readClientStatusSettings(
  options: ClientStatusOptions,
  sourceIds: readonly string[],
): ClientStatusSettings {
  const settings = readSetting('clientStatus', clientStatusOptions, options);
  const unknown = settings.acceptanceKeptIn.find((id) => !sourceIds.includes(id));
  if (unknown !== undefined)
    throw badSetting('clientStatus.acceptanceKeptIn', `there is no source with the id "${unknown}"`);
  return settings;
}
