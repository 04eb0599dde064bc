import { readIds, sound } from '../ledger-connector.ts';
import { listedOrNone, type Broken } from './broken.ts';

const AROUND = 'what changes around a record and moves no time of it is found by a census';

export const brokenChanges: readonly Broken[] = [
  {
    fault: 'takes a lost permission for an empty list',
    habits: {
      census: listedOrNone,
      confirm: async (_, ids) => ids.map((id) => ({ id, state: 'DELETED' })),
    },
    found: ['a permission that is lost deletes nothing, and the run says so'],
    saying: /without permission ended SUCCEEDED/,
  },
  {
    fault: 'takes what it may see for all there is',
    habits: {
      async *poll(context, cursor, habits) {
        const allIds = await readIds(habits.get(context));
        for await (const page of sound.poll(context, cursor, habits)) yield page.complete ? { ...page, allIds } : page;
      },
    },
    found: ['when all records are hidden at once, they are not believed to be deleted'],
    saying: /PARTIAL|is deleted|ended SUCCEEDED/,
  },
  {
    fault: 'expects to know what goes',
    habits: {
      async gone(get, cursor) {
        const gone = await sound.gone(get, cursor);
        if (cursor === null && Object.keys(gone).length > 0) throw new RangeError('nobody knows what went');
        return gone;
      },
    },
    found: ['what is deleted before it was ever read does no harm'],
    saying: /is missing/,
  },
  {
    fault: 'forgets what is deleted',
    habits: { gone: async () => ({}) },
    found: ['what is deleted is gone from the graph, and nothing else is'],
    saying: /is still there/,
  },
  {
    fault: 'believes the list more than the feed of what is gone',
    habits: { isGone: () => false },
    found: ['what the index still shows after it was archived does not come back'],
    saying: /is still there/,
  },
  {
    fault: 'never takes back that something is gone',
    habits: { isGone: ({ id }, gone) => gone[String(id)] !== undefined },
    found: ['what is archived is gone, and what is restored is back as the same thing'],
    saying: /is deleted/,
  },
  {
    fault: 'names records by where they stand',
    habits: { id: ({ project, id }) => `${project === 'one' ? '' : project}${id}` },
    found: ['what is moved elsewhere stays the same thing'],
    saying: /is still there|another entity|is missing/,
  },
  {
    fault: 'does not know what was merged',
    habits: { keys: ({ id }) => [id] },
    found: ['of two records that were merged one is left, and both mean it'],
    saying: /means another entity/,
  },
  {
    fault: 'lists ids and times, and not what is around a record',
    habits: {
      census: async (get, since) =>
        (await sound.census(get, since)).map((each) =>
          typeof each === 'string' ? each : { id: each.id, changedAt: each.changedAt },
        ),
    },
    found: [AROUND],
    saying: /^After a census \d+ has still not owner "ledger-user:ada"/,
  },
  {
    fault: 'tells of the record itself as of its surroundings, and of them alone in a census',
    habits: { surroundings: ({ title, owner }) => `${String(title)} of ${owner ?? 'nobody'}` },
    found: [AROUND],
    saying: /^A census read \d+ records by their ids, though nothing had changed/,
  },
  {
    fault: 'goes on telling with a record what was around it at first',
    habits: { surroundings: () => 'nobody' },
    found: [AROUND],
    saying: /^A census read 1 records by their ids, though an earlier census had read it/,
  },
  {
    fault: 'calls what it may not see deleted',
    habits: { confirm: async (_, ids) => ids.map((id) => ({ id, state: 'DELETED' })) },
    found: ['a record that may no longer be seen goes, and is back when it may'],
    saying: /counts as deleted/,
  },
];
