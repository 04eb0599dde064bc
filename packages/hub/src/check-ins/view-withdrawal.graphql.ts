import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import type { ViewTypes } from './opportunity-view.graphql.ts';
import { readWithdrawals, withdrawView, type WithdrawalRow } from './view-withdrawal.store.ts';

/** `withdrawal` of a view, and `withdrawFromClient`, which makes it. */
export function addViewWithdrawals({ builder }: Graph, { view }: ViewTypes): void {
  const withdrawal = builder.objectRef<WithdrawalRow>('ViewWithdrawal').implement({
    description: 'That a view which was shared with the client is shown to it no more.',
    fields: (t) => ({
      at: t.field({
        type: 'Instant',
        nullable: false,
        description: 'From when on.',
        resolve: (of) => instantText(of.recorded_at),
      }),
      actor: t.exposeString('actor', { nullable: false, description: 'The key that withdrew it.' }),
      reason: t.exposeString('reason', { description: 'Why, in their words; null where they did not say.' }),
    }),
  });
  builder.objectField(view, 'withdrawal', (t) =>
    t.field({
      type: withdrawal,
      description: 'That it was shared with the client, and by now is no more; null where that is not so.',
      complexity: 1,
      resolve: ({ id }, _, { load, rows }: Context) =>
        load.batch('view withdrawals', id, (ids) => readWithdrawals(rows, ids)),
    }),
  );
  builder.mutationField('withdrawFromClient', (t) =>
    t.field({
      type: view,
      nullable: false,
      description:
        'Shows a view that is for the CLIENT to the client no more, from the next time it looks. Colleagues read on what was said, and that it was withdrawn; an earlier view that is for the client stands again. Doing it twice changes nothing.',
      errors: stepErrors('The view.'),
      args: {
        view: t.arg.id({ required: true, description: 'Id of the view.' }),
        reason: t.arg.string({ description: 'Why; only colleagues read it.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      resolve: (_, { view: id, reason, idempotencyKey }, context: Context) =>
        withdrawView(context, {
          viewId: decodeId(id, 'opportunityView', 'view'),
          reason: reason?.trim() || null,
          idempotencyKey,
        }),
    }),
  );
}
