import type { JsonValue } from '@plumbline/connector';
import { ConflictError } from '../kernel/api-error.ts';
import { mutationErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { givenTerms, type ProposalTermsInput } from './proposal-terms.graphql.ts';
import { limitOf, publishingArguments } from './publishing.graphql.ts';
import { publishTemplate, readTemplates, type TemplateRow } from './template.store.ts';

/** `sowTemplates`, and the mutation that publishes one. */
export function addTemplates({ builder }: Graph, terms: ProposalTermsInput): void {
  const template = builder.objectRef<TemplateRow>('SowTemplate').implement({
    description: 'What proposals say where nobody says otherwise.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false, description: 'The name people say.' }),
      version: t.int({
        nullable: false,
        description: 'Its number among those of the name, from 1.',
        resolve: ({ version }) => Number(version),
      }),
      terms: t.field({
        type: 'JSON',
        nullable: false,
        description: 'What it says, by the names of the terms.',
        resolve: (of) => of.terms as unknown as JsonValue,
      }),
      publishedBy: t.exposeString('published_by', { nullable: false, description: 'The key that published it.' }),
      publishedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When.',
        resolve: (of) => instantText(of.published_at),
      }),
    }),
  });
  builder.queryField('sowTemplates', (t) =>
    t.field({
      type: [template],
      nullable: false,
      description: 'The latest version of each template, by name.',
      complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 25) }),
      args: { first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }) },
      resolve: (_, { first }, { rows }: Context) => readTemplates(rows, limitOf(first)),
    }),
  );
  builder.mutationField('publishTemplate', (t) =>
    t.field({
      type: template,
      nullable: false,
      description:
        'Publishes terms under a name, as the next version of it; the same terms as before make none. Proposals that were made of an earlier version stay as they are.',
      errors: mutationErrors('The template that holds now.', [ConflictError]),
      args: {
        name: t.arg.string({ required: true, description: 'The name people say.' }),
        terms: t.arg({ type: terms, required: true, description: 'What proposals say where nobody says otherwise.' }),
        ...publishingArguments(builder),
      },
      resolve: (_, args, context: Context) =>
        context.database.transaction(async (rows) => {
          await context.own.lock(rows);
          return publishTemplate(rows, {
            name: args.name.trim(),
            terms: givenTerms(args.terms),
            expectedVersion: args.expectedVersion,
            idempotencyKey: args.idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
          });
        }),
    }),
  );
}
