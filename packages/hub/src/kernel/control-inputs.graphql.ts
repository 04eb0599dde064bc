import type { MoneyValue } from '@plumbline/connector';
import type { Builder } from './builder.ts';

/** How one can see later that somebody decided. */
export interface Evidence {
  decidedBy: string;
  reference: string;
}

/** Inputs that the mutations of several rooms share. */
export function addControlInputs(builder: Builder) {
  const evidence = builder.inputRef<Evidence>('EvidenceInput').implement({
    description: 'How one can see later that somebody decided.',
    fields: (t) => ({
      decidedBy: t.string({ required: true, description: 'Who decided, at the client.' }),
      reference: t.string({ required: true, description: 'Where it can be read: a mail, a document, a meeting.' }),
    }),
  });
  const money = builder.inputRef<MoneyValue>('MoneyInput').implement({
    description: 'An exact amount in a currency.',
    fields: (t) => ({
      amount: t.field({ type: 'Decimal', required: true, description: 'The amount, exact.' }),
      currency: t.string({ required: true, description: 'ISO 4217 code, such as "EUR".' }),
    }),
  });
  return { evidence, money };
}

export type ControlInputs = ReturnType<typeof addControlInputs>;
