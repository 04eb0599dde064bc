import { sql } from 'kysely';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { writeDocument, type DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Document } from '../kernel/document.ts';
import type { Graph } from '../kernel/graph.ts';
import { unnest } from '../kernel/unnest.ts';
import { isAccepted } from '../proposals/kept-commitment.store.ts';
import { readProposals } from '../proposals/proposal-terms.store.ts';
import { composePack } from './governance-pack.document.ts';

interface GovernancePack {
  document: Document | null;
  missing: readonly string[];
  reason: string | null;
}

/** `governancePack` of a proposal: what is sent with it. */
export function addGovernancePack({ builder, typeOf }: Graph, form: DocumentFormRef): void {
  const pack = builder.objectRef<GovernancePack>('GovernancePack').implement({
    description: 'How both sides work together, as a document that is sent with a proposal.',
    fields: (t) => ({
      document: t.string({
        description:
          'What the client gets and by when, who meets and reports when, who hears of what is late, how changes are agreed, and room for who decides; never cost, margin or roles. Null when there is none.',
        args: { form: t.arg({ type: form, required: true, description: 'In which form.' }) },
        resolve: ({ document }, args) => document && writeDocument(document, args.form),
      }),
      missing: t.exposeStringList('missing', {
        nullable: false,
        description: 'The terms that are not agreed yet, by their names in the proposal.',
      }),
      reason: t.exposeString('reason', { description: 'Why there is none; null when there is one.' }),
    }),
  });
  builder.objectField(typeOf('proposal').ref, 'governancePack', (t) =>
    t.field({
      type: pack,
      nullable: false,
      description: 'How both sides would work together, to be sent with it.',
      complexity: 5,
      async resolve(row, _, context: Context): Promise<GovernancePack> {
        const facts = await context.load.batch('governance packs', String(row['id']), (ids) =>
          readPacks(context.rows, ids),
        );
        if (!facts) return { document: null, missing: [], reason: 'There is no such proposal.' };
        const composed = composePack({ ...facts, quoteValidDays: context.changeControl.quoteValidDays });
        if ('reason' in composed) return { document: null, missing: [], reason: composed.reason };
        return { ...composed, reason: null };
      },
    }),
  );
}

/** What the packs of these proposals say, in two statements; null for one that there is not. */
async function readPacks(rows: Rows, ids: readonly string[]) {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const [proposals, { rows: found }] = await Promise.all([
    readProposals(rows, ids),
    sql<{ id: string; client: string | null; accepted: boolean | null }>`
      select asked.id, client.name as client, ${isAccepted} as accepted from ${asked} join proposal on proposal.id = asked.id
      left join opportunity on opportunity.id = proposal.opportunity_id left join client on client.id = opportunity.client_id`.execute(
      rows,
    ),
  ]);
  const others = new Map(found.map((row) => [row.id, row]));
  return proposals.map((proposal) => {
    const of = proposal && others.get(proposal.id);
    return proposal && { ...proposal, client: of?.client ?? null, accepted: of?.accepted ?? false };
  });
}
