import { describeIssues, HubError, readJson, type PollContext } from '@plumbline/connector';
import { z } from 'zod';
import type { TemplateVendorConfig, TemplateVendorSecrets } from './config.ts';

export type TemplateVendorContext = PollContext<TemplateVendorConfig, TemplateVendorSecrets>;

/** The part of a risk that reading depends on; the rest is let through to the mapping. */
const pageSchema = z.object({
  risks: z.array(z.looseObject({ id: z.number().int(), changed_at: z.iso.datetime({ offset: true }) })),
  /** What to ask for to have the next page; null on the last one. */
  next: z.string().nullable(),
});
export type RisksPage = z.infer<typeof pageSchema>;

type Path = '/risks' | '/risks/ids' | '/risks/some';
type Query = Readonly<Record<string, string | undefined>>;

/**
 * A list of the vendor’s to its end. Each page is asked for by what the one before it ended with, never by its number:
 * what changes meanwhile comes later, and nothing is passed over because something before it has moved. Throws HubError.
 */
export async function* readPages(context: TemplateVendorContext, path: Path, query: Query): AsyncGenerator<RisksPage> {
  let after: string | undefined;
  do {
    const page = await readPage(context, path, { ...query, after });
    yield page;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** One page. Throws HubError. */
export async function readPage(context: TemplateVendorContext, path: Path, query: Query): Promise<RisksPage> {
  const url = new URL(path, context.config.address);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
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
