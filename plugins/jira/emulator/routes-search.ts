import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { readBody, refuse } from './http.ts';
import { JqlError } from './jql-parser.ts';
import type { Renderer } from './render.ts';
import type { JiraStore } from './store.ts';

export interface SearchOptions {
  /** Most issues on a page that asks for more than ids and keys. */
  pageCap: number;
  /** Cuts pages unevenly, some to nothing at all, as the contract allows. */
  shortPages: boolean;
}

const searchBody = z.strictObject({
  jql: z.string().optional(),
  nextPageToken: z.string().nullish(),
  maxResults: z.coerce.number().int().min(0).max(5_000).default(50),
  fields: z.array(z.string()).optional(),
  expand: z.string().optional(),
  properties: z.array(z.string()).optional(),
  fieldsByKeys: z.coerce.boolean().optional(),
  failFast: z.coerce.boolean().optional(),
  reconcileIssues: z.array(z.coerce.number().int()).max(50).optional(),
});

export function addSearchRoutes(app: EmulatorApp, store: JiraStore, renderer: Renderer, options: SearchOptions): void {
  let pages = 0;
  const shorten = (limit: number): number => {
    if (!options.shortPages) return limit;
    pages += 1;
    return [limit, Math.ceil(limit / 3), 0][pages % 3] ?? limit;
  };

  const answer = (input: z.output<typeof searchBody>): object => {
    const fields = input.fields?.length ? input.fields : ['id'];
    if (input.reconcileIssues?.length) store.search.indexNow(input.reconcileIssues.map(String));
    const cap = fields.every((field) => field === 'id' || field === 'key') ? 5_000 : options.pageCap;
    const { ids, nextPageToken } = store.search.page({
      jql: input.jql ?? '',
      token: input.nextPageToken ?? null,
      limit: shorten(Math.min(input.maxResults, cap)),
    });
    const issues = ids.flatMap((id) => {
      const issue = store.visible(id);
      return issue ? [renderer.issue(issue, fields)] : [];
    });
    return { issues, isLast: nextPageToken === null, ...(nextPageToken === null ? {} : { nextPageToken }) };
  };

  app.on('GET', '/rest/api/3/search/jql', (context) => {
    const url = new URL(context.req.url);
    const list = (name: string): string[] | undefined => {
      const values = url.searchParams.getAll(name).flatMap((value) => value.split(','));
      return values.length > 0 ? values : undefined;
    };
    const single = Object.fromEntries(
      ['jql', 'nextPageToken', 'maxResults', 'expand'].flatMap((name) => {
        const value = url.searchParams.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const parsed = searchBody.safeParse({
      ...single,
      fields: list('fields'),
      reconcileIssues: list('reconcileIssues'),
    });
    return parsed.success ? orBadQuery(() => Response.json(answer(parsed.data))) : refuse(400, parsed.error);
  });
  app.post('/rest/api/3/search/jql', async (context) => {
    const parsed = searchBody.safeParse(await readBody(context));
    return parsed.success ? orBadQuery(() => Response.json(answer(parsed.data))) : refuse(400, parsed.error);
  });
  app.all('/rest/api/3/search', () =>
    refuse(410, 'The requested API has been removed. Please use /rest/api/3/search/jql.'),
  );
  app.post('/rest/api/3/search/approximate-count', async (context) => {
    const parsed = z.strictObject({ jql: z.string().default('') }).safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    return orBadQuery(() => Response.json({ count: store.search.count(parsed.data.jql) }));
  });
  app.post('/rest/api/3/jql/match', async (context) => {
    const body = z.strictObject({ issueIds: z.array(z.number().int()), jqls: z.array(z.string()) });
    const parsed = body.safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    return Response.json({
      matches: parsed.data.jqls.map((jql) => matchOne(store, jql, parsed.data.issueIds.map(String))),
    });
  });
}

/** A query that cannot be read is an answer here, not a failure. */
function matchOne(store: JiraStore, jql: string, ids: readonly string[]): object {
  try {
    return { matchedIssues: store.search.match(jql, ids).map(Number), errors: [] };
  } catch (error) {
    if (error instanceof JqlError) return { matchedIssues: [], errors: [error.message] };
    throw error;
  }
}

function orBadQuery(answer: () => Response): Response {
  try {
    return answer();
  } catch (error) {
    if (error instanceof JqlError) return refuse(400, error.message);
    throw error;
  }
}
