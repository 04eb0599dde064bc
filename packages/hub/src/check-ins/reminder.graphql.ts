import { askedGroups } from '../kernel/asked-groups.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import type { ViewTypes } from './opportunity-view.graphql.ts';
import { readReminders, type ReminderRow } from './reminder.store.ts';
import { knownId } from './subject.ts';

/** `reminders`: who was asked, and when, to say how they see something. */
export function addReminders({ builder, typeOf }: Graph, { perspective }: ViewTypes): void {
  const subject =
    (kind: ReminderRow['subject_kind']) =>
    (of: ReminderRow, _: object, { load }: Context) =>
      of.subject_kind === kind ? load.entity(kind, of.subject_id) : null;
  const reminder = builder.objectRef<ReminderRow>('Reminder').implement({
    description: 'That somebody was reminded, on a day they work, of a view that is old.',
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false, description: 'Its id.' }),
      day: t.expose('day', { type: 'LocalDate', nullable: false, description: 'The day, by the zone of the person.' }),
      person: t.field({
        type: typeOf('person').ref,
        description: 'Who.',
        resolve: ({ person_id: id }, _, { load }: Context) => load.entity('person', id),
      }),
      opportunity: t.field({
        type: typeOf('opportunity').ref,
        description: 'The opportunity it is about; null where it is about a project.',
        resolve: subject('opportunity'),
      }),
      project: t.field({
        type: typeOf('project').ref,
        description: 'The project it is about; null where it is about an opportunity.',
        resolve: subject('project'),
      }),
      perspective: t.expose('perspective', { type: perspective, nullable: false, description: 'From whose side.' }),
      lastAsOf: t.field({
        type: 'Instant',
        description: 'Of when the last view spoke; null where there never was one.',
        resolve: ({ last_as_of: at }) => (at === null ? null : instantText(at)),
      }),
      oldSince: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Since when it was old.',
        resolve: ({ old_since: at }) => instantText(at),
      }),
      nth: t.exposeInt('nth', {
        nullable: false,
        description: 'The how-manieth reminder of this person for want of the same view.',
      }),
      recordedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was recorded.',
        resolve: ({ recorded_at: at }) => instantText(at),
      }),
    }),
  });
  builder.queryField('reminders', (t) =>
    t.field({
      type: [reminder],
      nullable: false,
      description:
        'Who was reminded of what, the latest day first; nothing where `checkIns.reminders` of the configuration is not set. `viewsDue` has what is due now.',
      args: {
        person: t.arg.id({ description: 'Id of the person; of everybody when absent.' }),
        from: t.arg({ type: 'LocalDate', description: 'First day.' }),
        to: t.arg({ type: 'LocalDate', description: 'Last day.' }),
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
      },
      complexity: ({ first }) => ({ field: 2, multiplier: Math.max(1, first ?? 25) }),
      async resolve(_, { person, from, to, first }, context: Context): Promise<ReminderRow[]> {
        const limit = askedGroups(first, 'Ask for one person, or by `from` and `to`.');
        const personId = person ? await knownId(context, 'person', { id: person, argument: 'person' }) : null;
        return readReminders(context.rows, { personId, from: from ?? null, to: to ?? null, limit });
      },
    }),
  );
}
