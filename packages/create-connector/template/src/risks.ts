import { defineStream, record, type RawRecord } from '@plumbline/connector';
import { z } from 'zod';
import { readPage, readPages, type RisksPage } from './client.ts';
import type { TemplateVendorConfig, TemplateVendorSecrets } from './config.ts';

const riskSchema = z.looseObject({
  id: z.number().int(),
  title: z.string(),
  status: z.enum(['open', 'closed']),
  probability: z.number().min(0).max(1).nullable(),
  cost: z.string().nullable(),
  project: z.string().nullable(),
});
type Risk = z.infer<typeof riskSchema>;

/** The newest change that was seen. */
const cursorSchema = z.strictObject({ since: z.string() });
type Cursor = z.infer<typeof cursorSchema>;

const BEGINNING = '1970-01-01T00:00:00Z';

export const risks = defineStream<TemplateVendorConfig, TemplateVendorSecrets, Risk, Cursor>({
  name: 'risks',
  description: 'Risks, with their probability and cost.',
  kinds: ['risk'],
  raw: riskSchema,
  cursor: cursorSchema,
  worth: { granularityMs: 1_000, lagMs: 60_000, zone: 'UTC', tieBreaker: 'id' },
  async *poll(context, cursor) {
    let since = cursor?.since ?? BEGINNING;
    for await (const { risks, next } of readPages(context, '/risks', { changed_since: context.since?.toString() })) {
      for (const { changed_at: changedAt } of risks) since = later(since, changedAt);
      yield { records: risks.map(recordOf), cursor: { since }, complete: next === null };
    }
  },
  async *census(context) {
    for await (const { risks } of readPages(context, '/risks/ids', {})) {
      yield risks.map((risk) => ({ id: String(risk.id), changedAt: risk.changed_at }));
    }
  },
  async look(context, ids) {
    const { risks } = await readPage(context, '/risks/some', { ids: ids.join(',') });
    return { records: risks.map(recordOf) };
  },
  map: (risk, { currency }) => [
    record({
      kind: 'risk',
      id: 'self',
      keys: [`template-vendor-risk:${risk.id}`],
      fields: {
        title: risk.title,
        status: risk.status === 'open' ? 'OPEN' : 'CLOSED',
        probability: risk.probability === null ? null : String(risk.probability),
        impact: risk.cost === null ? null : { amount: risk.cost, currency },
        project: risk.project === null ? null : `jira-project-key:${risk.project}`,
      },
    }),
  ],
});

function recordOf(risk: RisksPage['risks'][number]): RawRecord {
  return { id: String(risk.id), changedAt: risk.changed_at, payload: risk };
}

function later(one: string, other: string): string {
  return Temporal.Instant.compare(one, other) < 0 ? other : one;
}
