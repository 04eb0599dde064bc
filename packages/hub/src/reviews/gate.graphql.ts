import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { gateNames, gateOutcomes, gateStandings, type GateDecision, type GateView } from './gate.rules.ts';

/** The type of a gate. Called once, by the schema. */
export function addGate({ builder, typeOf }: Graph) {
  const name = builder.enumType('GateName', {
    description: 'What is decided before a proposal goes to the client.',
    values: {
      BID: { description: 'Bid or no bid; for the opportunity, so one decision counts for all its proposals.' },
      SOLUTION: { description: 'The solution and its estimate; for these very terms.' },
      COMMERCIAL: { description: 'Price, margin and discount; for these very terms.' },
    } satisfies Record<(typeof gateNames)[number], { description: string }>,
  });
  const outcome = builder.enumType('GateOutcome', { values: gateOutcomes, description: 'What was decided at a gate.' });
  const standing = builder.enumType('GateStanding', {
    values: gateStandings,
    description: 'Where a gate stands; STALE when it was decided on other terms, or by who sells it by now.',
  });
  const decision = builder.objectRef<GateDecision>('GateDecision').implement({
    description: 'The last decision at a gate.',
    fields: (t) => ({
      outcome: t.expose('outcome', { type: outcome, nullable: false, description: 'What was decided.' }),
      at: t.expose('at', { type: 'Instant', nullable: false, description: 'When.' }),
      actor: t.exposeString('actor', { nullable: false, description: 'The key that recorded it.' }),
      ownerName: t.exposeString('owner', { nullable: false, description: 'Who decided, by name.' }),
      owner: t.field({
        type: typeOf('person').ref,
        description: 'Who decided, where the graph knows them.',
        resolve: ({ ownerId }, _, { load }: Context) => (ownerId === null ? null : load.entity('person', ownerId)),
      }),
      conditions: t.stringList({
        nullable: false,
        description: 'What it depends on.',
        resolve: ({ conditions }) => [...conditions],
      }),
      reason: t.exposeString('reason', { description: 'Why.' }),
    }),
  });
  const gate = builder.objectRef<GateView>('Gate').implement({
    description: 'A decision that is wanted before a proposal goes to the client.',
    fields: (t) => ({
      gate: t.expose('gate', { type: name, nullable: false, description: 'Which one.' }),
      standing: t.expose('standing', { type: standing, nullable: false, description: 'Where it stands.' }),
      owners: t.stringList({
        nullable: false,
        description: 'Who may decide it, by the settings: names, roles or e-mail addresses. Empty: anybody who may.',
        resolve: ({ owners }) => [...owners],
      }),
      decision: t.expose('decision', { type: decision, description: 'The last decision; null before the first.' }),
      missing: t.exposeString('missing', { description: 'What is to be done, in one sentence; null when nothing is.' }),
    }),
  });
  return { gate, name, outcome };
}
