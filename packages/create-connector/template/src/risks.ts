import { defineStream, record } from '@plumbline/connector';
import { z } from 'zod';
import { readRisks } from './client.ts';
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
    for (let page = 1; ; page += 1) {
      const found = await readRisks(context, { page, changedSince: context.since });
      for (const { changed_at: changedAt } of found.risks) if (changedAt > since) since = changedAt;
      const records = found.risks.map((risk) => ({ id: String(risk.id), changedAt: risk.changed_at, payload: risk }));
      yield { records, cursor: { since }, complete: !found.more };
      if (!found.more) return;
    }
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
