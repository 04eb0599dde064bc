import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { readSendings, recordSending, type SendingRow } from './report-sending.store.ts';
import type { addSnapshots } from './snapshot.graphql.ts';

/** `sendings` of a snapshot, and `reportSent`, which adds one. */
export function addReportSendings({ builder }: Graph, snapshot: ReturnType<typeof addSnapshots>): void {
  const sending = builder.objectRef<SendingRow>('ReportSending').implement({
    description: 'That a report was sent to its client, as somebody says.',
    fields: (t) => ({
      sentAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was sent.',
        resolve: (of) => instantText(of.sent_at),
      }),
      to: t.exposeString('sent_to', { nullable: false, description: 'To whom and how, in their words.' }),
      recordedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When somebody said so.',
        resolve: (of) => instantText(of.recorded_at),
      }),
      actor: t.exposeString('actor', { nullable: false, description: 'The key that says so.' }),
    }),
  });
  builder.objectField(snapshot, 'sendings', (t) =>
    t.field({
      type: [sending],
      nullable: false,
      description: 'That it was sent to its client, the first time first; none where nobody says so.',
      complexity: { field: 1, multiplier: 2 },
      resolve: ({ id }, _, { load, rows }: Context) =>
        load.batch('report sendings', id, (ids) => readSendings(rows, ids)),
    }),
  );
  builder.mutationField('reportSent', (t) =>
    t.field({
      type: snapshot,
      nullable: false,
      description:
        'Says that a report was sent: a snapshot of a client that looks at delivery. Nothing is sent by it. Once more for another reader adds to what was said.',
      errors: stepErrors('The report.'),
      args: {
        snapshot: t.arg.id({ required: true, description: 'Id of the snapshot.' }),
        to: t.arg.string({
          required: true,
          description: 'To whom and how, such as "Steering committee, by mail"; 500 characters at most.',
        }),
        sentAt: t.arg({ type: 'Instant', description: 'When it was sent; now when absent, never later.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      resolve: (_, { snapshot: id, to, sentAt, idempotencyKey }, context: Context) =>
        recordSending(context, {
          snapshotId: decodeId(id, 'reportSnapshot', 'snapshot'),
          sentTo: to,
          sentAt: sentAt ?? context.clock.now().toString(),
          idempotencyKey,
        }),
    }),
  );
}
