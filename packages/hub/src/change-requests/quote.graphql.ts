import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { composeQuote } from './quote.document.ts';
import { quoteHtml } from './quote.html.ts';
import { quoteMarkdown } from './quote.markdown.ts';
import { readQuotes } from './quote.store.ts';

interface Quote {
  document: string | null;
  reason: string | null;
  validUntil: string | null;
}

const forms = { MARKDOWN: quoteMarkdown, HTML: quoteHtml } as const;

/** `quote` of a change request: what the client gets to decide on. */
export function addQuotes({ builder, typeOf }: Graph): void {
  const format = builder.enumType('QuoteFormat', {
    description: 'The form of a document: MARKDOWN with tables, or HTML as a page of its own that prints well.',
    values: ['MARKDOWN', 'HTML'] as const,
  });
  const quote = builder.objectRef<Quote>('Quote').implement({
    description: 'A quote as a document for the client, or the reason why there is none.',
    fields: (t) => ({
      document: t.exposeString('document', {
        description:
          'Client, project, what is asked for, price, work, schedule, contract value, and room for the decision; never cost or margin. It says so while it is a draft.',
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
      args: { format: t.arg({ type: format, required: true, description: 'In which form.' }) },
      async resolve(row, args, { load, rows, changeControl }: Context): Promise<Quote> {
        const { calendar, quoteValidDays } = changeControl;
        const facts = await load.batch('quotes', String(row['id']), (ids) =>
          readQuotes(rows, ids, { zone: calendar.zone, validDays: quoteValidDays }),
        );
        if (!facts) return { document: null, reason: 'There is no such change request.', validUntil: null };
        const composed = composeQuote(facts);
        if ('reason' in composed) return { document: null, reason: composed.reason, validUntil: null };
        return { document: forms[args.format](composed.document), reason: null, validUntil: facts.validUntil };
      },
    }),
  );
}
