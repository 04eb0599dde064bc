import { z } from 'zod';
import { badSetting, readSetting } from '../kernel/setting.ts';

const words = z.array(z.string().trim().min(1, 'wants words that are not empty').max(200)).max(100);

/** By what work items are told; what is not given keeps its default, and an empty list tells nothing. */
const marks = (usual: { labels: string[]; statuses: string[]; types: string[] }) =>
  z
    .strictObject({
      labels: words.default(usual.labels),
      statuses: words.default(usual.statuses),
      types: words.default(usual.types),
    })
    .prefault({});

const natureOptions = z.strictObject({
  clientWait: marks({
    labels: ['client-wait', 'waiting-for-client'],
    statuses: ['Waiting for customer', 'Waiting for client'],
    types: [],
  }),
  rework: marks({ labels: ['rework'], statuses: [], types: [] }),
});

/**
 * `nature` of the configuration: the labels, statuses and issue types of work items that tell waiting for the client,
 * and rework, from progress. Capitals do not matter.
 */
export type NatureOptions = z.input<typeof natureOptions>;
export type NatureSettings = z.output<typeof natureOptions>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readNatureSettings(options: NatureOptions): NatureSettings {
  const settings = readSetting('nature', natureOptions, options);
  const { clientWait, rework } = settings;
  for (const by of ['labels', 'statuses', 'types'] as const) {
    const waiting = new Set(clientWait[by].map((word) => word.toLowerCase()));
    const both = rework[by].find((word) => waiting.has(word.toLowerCase()));
    if (both !== undefined) throw badSetting(`nature.rework.${by}`, `"${both}" stands in clientWait.${by} too`);
  }
  return settings;
}
