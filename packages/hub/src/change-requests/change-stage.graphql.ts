import type { Graph } from '../kernel/graph.ts';
import type { ChangeRequestState } from './change-control.rules.ts';
import { changeStages, stageOf } from './change-stage.rules.ts';

/** `stage` of a change request: its state for who wants three of them and not thirteen. */
export function addStage({ builder, typeOf }: Graph): void {
  const stage = builder.enumType('ChangeStage', {
    values: changeStages,
    description:
      'OPEN until it is decided: CAPTURED, TRIAGED, IMPACT_ASSESSED, COMMERCIAL_REVIEW, QUOTED, DEFERRED. DECIDED while what was agreed is worked on: APPROVED, IMPLEMENTING, IMPLEMENTED. DONE when no step is left: CLOSED, REJECTED, WITHDRAWN, ABSORBED.',
  });
  builder.objectField(typeOf('changeRequest').ref, 'stage', (t) =>
    t.field({
      type: stage,
      description: 'Its state in three words; null where nothing says where it stands.',
      resolve: (row) => (row['state'] === null ? null : stageOf(row['state'] as ChangeRequestState)),
    }),
  );
}
