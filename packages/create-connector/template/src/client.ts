import { describeIssues, HubError, readJson, type PollContext } from '@plumbline/connector';
import { z } from 'zod';
import type { TemplateVendorConfig, TemplateVendorSecrets } from './config.ts';

export type TemplateVendorContext = PollContext<TemplateVendorConfig, TemplateVendorSecrets>;

/** The part of a risk that reading depends on; the rest is let through to the mapping. */
const pageSchema = z.object({
  risks: z.array(z.looseObject({ id: z.number().int(), changed_at: z.string() })),
  more: z.boolean(),
});

/** One page of the risks that changed since an instant, oldest change first. Throws HubError. */
export async function readRisks(
  context: TemplateVendorContext,
  asked: { page: number; changedSince: Temporal.Instant | null },
): Promise<z.infer<typeof pageSchema>> {
  const url = new URL('/risks', context.config.address);
  url.searchParams.set('page', String(asked.page));
  if (asked.changedSince) url.searchParams.set('changed_since', asked.changedSince.toString());
  const headers = { authorization: `Bearer ${context.secrets.token}` };
  const response = await context.http.fetch(url, { headers }, { endpointClass: 'read', idempotent: true });
  const parsed = pageSchema.safeParse(await readJson(response, 'template-vendor'));
  if (parsed.success) return parsed.data;
  throw new HubError(
    {
      code: 'BAD_RESPONSE',
      message: `template-vendor: the answer of ${url.pathname} is not as expected: ${describeIssues(parsed.error)}.`,
      remedy: 'Check the configured address and the version of the vendor’s API.',
    },
    { cause: parsed.error },
  );
}
