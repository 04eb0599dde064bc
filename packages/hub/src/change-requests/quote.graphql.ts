import type { Context } from '../kernel/context.ts';
import { writeDocument, type DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Document } from '../kernel/document.ts';
import type { Graph } from '../kernel/graph.ts';
import { composeQuote } from './quote.document.ts';
import { readQuotes } from './quote.store.ts';

interface Quote {
  document: Document | null;
  reason: string | null;
  validUntil: string | null;
}

/** `quote` of a change request: what the client gets to decide on. */
export function addQuotes({ builder, typeOf }: Graph, form: DocumentFormRef): void {
  const quote = builder.objectRef<Quote>('Quote').implement({
    description: 'A quote as a document for the client, or the reason why there is none.',
    fields: (t) => ({
      document: t.string({
        description:
          'Client, project, what is asked for, price, work, schedule, contract value, and room for the decision; never cost or margin. It says so while it is a draft. Null when there is none.',
        args: { form: t.arg({ type: form, required: true, description: 'In which form.' }) },
        resolve: ({ document }, args) => document && writeDocument(document, args.form),
      }),
      reason: t.exposeString('reason', { description: 'Why there is none; null when there is one.' }),
      validUntil: t.expose('validUntil', {
        type: 'LocalDate',
        description: 'The last day on which it can be accepted; null until it was quoted.',
      }),
    }),
  });
  builder.objectField(typeOf('changeRequest').ref, 'quote', (t) =>
    t.field({
      type: quote,
      nullable: false,
      description: 'The document that the client decides on, with the figures of the day it was quoted.',
      complexity: 5,
      async resolve(row, _, { load, rows, changeControl }: Context): Promise<Quote> {
        const { calendar, quoteValidDays } = changeControl;
        const facts = await load.batch('quotes', String(row['id']), (ids) =>
          readQuotes(rows, ids, { zone: calendar.zone, validDays: quoteValidDays }),
        );
        if (!facts) return { document: null, reason: 'There is no such change request.', validUntil: null };
        const composed = composeQuote(facts);
        if ('reason' in composed) return { document: null, reason: composed.reason, validUntil: null };
        return { document: composed.document, reason: null, validUntil: facts.validUntil };
      },
    }),
  );
}
