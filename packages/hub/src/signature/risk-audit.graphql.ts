import type { Context } from '../kernel/context.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { addQuestions } from '../check-ins/question.graphql.ts';
import { rowIds } from '../check-ins/question.graphql.ts';
import { questionRules } from '../check-ins/question.rules.ts';
import { readerOf } from '../check-ins/reader.ts';
import { writeDocument, type DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { auditDocument } from './risk-audit.document.ts';
import { termRules, type AuditItem, type AuditRule } from './risk-audit.rules.ts';
import { readAudits, type RiskAudit } from './risk-audit.store.ts';

type SeverityRef = ReturnType<typeof addQuestions>;

/** `riskAudit` of an opportunity: what is missing or risky before the signature. */
export function addRiskAudit(graph: Graph, { severity, form }: { severity: SeverityRef; form: DocumentFormRef }): void {
  const { builder, typeOf } = graph;
  const item = addItem(graph, severity);
  const audit = builder.objectRef<RiskAudit>('RiskAudit').implement({
    description: 'What is missing or risky before the signature of a live opportunity.',
    fields: (t) => ({
      reason: t.exposeString('reason', { description: 'Why there is none; null when there is one.' }),
      proposal: t.field({
        type: typeOf('proposal').ref,
        description: 'The proposal that was looked at: what the client has before them, or else the latest version.',
        resolve: ({ proposalId }, _, { load }: Context) =>
          proposalId === null ? null : load.entity('proposal', proposalId),
      }),
      items: t.expose('items', {
        type: [item],
        nullable: false,
        description: 'What is missing or risky: the terms first, then what there is to ask.',
      }),
      document: t.string({
        description: 'The same as a document for the firm, never for the client; null when there is none.',
        args: { form: t.arg({ type: form, required: true, description: 'In which form.' }) },
        resolve: ({ deal, items }, args) => deal && writeDocument(auditDocument(deal, items), args.form),
      }),
    }),
  });
  builder.objectField(typeOf('opportunity').ref, 'riskAudit', (t) =>
    t.field({
      type: audit,
      nullable: false,
      description:
        'What is missing or risky before the signature, each with its rule, the rows behind it and what it would cost: terms, margin, capacity, and what there is to ask in a review. Only of an open opportunity.',
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(200, args), multiplier: 1 }),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch<RiskAudit>(`risk audits ${asOf ?? ''}`, String(row['id']), (ids) => {
          const { rows, now } = standpointOf(context, asOf);
          return readAudits(rows, ids, { now, reader: readerOf(context), settings: context });
        }),
    }),
  );
}

function addItem({ builder }: Graph, severity: SeverityRef) {
  const rule = builder.enumType('AuditRule', {
    description: 'What is missing or risky.',
    values: Object.fromEntries(
      Object.entries({ ...termRules, ...questionRules }).map(([name, { meaning }]) => [name, { description: meaning }]),
    ) as Record<AuditRule, { description: string }>,
  });
  return builder.objectRef<AuditItem>('AuditItem').implement({
    description: 'Something that is missing or risky, and what it would cost.',
    fields: (t) => ({
      rule: t.expose('rule', { type: rule, nullable: false, description: 'What it is.' }),
      severity: t.expose('severity', { type: severity, nullable: false, description: 'How grave it is.' }),
      text: t.exposeString('text', { nullable: false, description: 'What is so.' }),
      cost: t.expose('cost', {
        type: 'Money',
        description: 'What it would cost, or what is not there; null where nobody can tell.',
      }),
      reason: t.exposeString('reason', { description: 'Why there is no cost; null where there is one.' }),
      rows: t.nodeList({
        description: 'The rows behind it.',
        args: { first: t.arg.int({ description: 'How many; 25 unless told, 100 at most.' }) },
        complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 25) }),
        ids: ({ rows }, { first }) => rowIds(rows, first),
      }),
    }),
  });
}
