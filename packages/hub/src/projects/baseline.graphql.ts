import type { JsonValue, MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { wasDecided, recordDecision, versionOf } from '../kernel/decision.store.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { unnest } from '../kernel/unnest.ts';
import type { Rows } from '../kernel/database.ts';
import { acceptFirstBaseline, latestBaseline, type BaselineRow } from './baseline.store.ts';
import type { ControlInputs } from '../kernel/control-inputs.graphql.ts';
import type { EarnedValueSettings } from './earned-value.settings.ts';
import { addPlannedValues } from './planned-value.graphql.ts';
import { curveOf } from './planned-value.rules.ts';

export type BaselineRef = ReturnType<typeof addBaselines>;

declare module '../kernel/context.ts' {
  interface Context {
    earnedValue: EarnedValueSettings;
  }
}

/** `baselines` of a project, and the mutation that accepts the first. */
export function addBaselines(graph: Graph, inputs: ControlInputs) {
  const { builder } = graph;
  const { method, plannedValue, plannedValueInput } = addPlannedValues(builder);
  const baseline = builder.objectRef<BaselineRow>('Baseline').implement({
    description: 'What was agreed for a project. Never changed: the next one comes by an executed change order.',
    fields: (t) => ({
      version: t.int({
        nullable: false,
        description: '1 for what was accepted first; each executed change order adds one.',
        resolve: (of) => Number(of.version),
      }),
      contractValue: t.field({
        type: 'Money',
        nullable: false,
        description: 'What the client agreed to pay.',
        resolve: (of) => ({ amount: of.contract_value, currency: of.contract_value_currency }),
      }),
      plannedCost: t.field({
        type: 'Money',
        description: 'Budget at completion.',
        resolve: (of) => moneyOf(of.planned_cost, of.planned_cost_currency),
      }),
      plannedSeconds: t.field({
        type: 'Duration',
        description: 'Planned work, in seconds.',
        resolve: (of) => (of.planned_seconds === null ? null : Number(of.planned_seconds)),
      }),
      start: t.expose('start', { type: 'LocalDate', description: 'First day of work.' }),
      end: t.expose('end', { type: 'LocalDate', description: 'Last planned day of work.' }),
      plannedValues: t.field({
        type: [plannedValue],
        nullable: false,
        description:
          'When its cost falls due: between two points it grows evenly over working days. Empty without a planned cost, a start or an end.',
        resolve: (of) =>
          curveOf({ plannedCost: of.planned_cost, start: of.start, end: of.end, plannedValues: of.planned_values }),
      }),
      earnedValueMethod: t.expose('earned_value_method', {
        type: method,
        description: 'How its earned value is counted; null leaves that to the configuration.',
      }),
      origins: t.field({
        type: 'JSON',
        nullable: false,
        description: 'Where each value comes from: GIVEN, PROPOSAL, OPPORTUNITY, BUDGET, PROJECT or CHANGE_ORDER.',
        resolve: (of) => of.origins as JsonValue,
      }),
      items: t.field({
        type: 'JSON',
        nullable: false,
        description:
          'What was sold, line by line, as the deal had it: name, quantity, amount, currency. Empty without a deal.',
        resolve: (of) => of.items as unknown as JsonValue,
      }),
      acceptedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was accepted.',
        resolve: (of) => instantText(of.accepted_at),
      }),
      acceptedBy: t.exposeString('accepted_by', { nullable: false, description: 'The key that recorded it.' }),
      evidence: t.field({ type: 'JSON', description: 'How one can see it.', resolve: (of) => of.evidence }),
    }),
  });
  builder.objectField(graph.typeOf('project').ref, 'baselines', (t) =>
    t.field({
      type: [baseline],
      nullable: false,
      description: 'What was agreed for it, the latest first. Empty until the first is accepted.',
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(2, args), multiplier: 3 }),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch(`baselines ${asOf ?? ''}`, String(row['id']), (ids) =>
          readBaselines(standpointOf(context, asOf).rows, ids),
        ),
    }),
  );
  builder.mutationField('acceptBaseline', (t) =>
    t.field({
      type: baseline,
      nullable: false,
      description:
        'Freezes what was agreed as baseline 1. What is not given is taken from the deal, from the budget sheet, then from the project.',
      errors: stepErrors('The baseline.'),
      args: {
        project: t.arg.id({ required: true, description: 'Id of the project.' }),
        opportunity: t.arg.id({ description: 'Id of the deal it was sold as.' }),
        contractValue: t.arg({ type: inputs.money, description: 'What the client agreed to pay.' }),
        plannedCost: t.arg({ type: inputs.money, description: 'Budget at completion.' }),
        plannedSeconds: t.arg({ type: 'Duration', description: 'Planned work, in seconds.' }),
        start: t.arg({ type: 'LocalDate', description: 'First day of work.' }),
        end: t.arg({ type: 'LocalDate', description: 'Last planned day of work.' }),
        plannedValues: t.arg({
          type: [plannedValueInput],
          description:
            'When the cost falls due, in the order of the days; the last is the planned cost. Evenly from start to end, over working days, when absent.',
        }),
        earnedValueMethod: t.arg({
          type: method,
          description: 'How it is counted how much is done; as the configuration says when absent.',
        }),
        evidence: t.arg({
          type: inputs.evidence,
          required: true,
          description: 'How one can see that the client agreed.',
        }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      resolve: (_, args, context: Context) =>
        context.database.transaction(async (rows) => {
          await context.own.lock(rows);
          const projectId = decodeId(args.project, 'project', 'project');
          const call = { idempotencyKey: args.idempotencyKey, subjectId: projectId, action: 'ACCEPT_BASELINE' };
          const standing = (await wasDecided(rows, call)) ? await latestBaseline(rows, projectId) : null;
          if (standing) return standing;
          const now = context.clock.now().toString();
          const accepted = await acceptFirstBaseline(rows, {
            projectId,
            opportunityId: args.opportunity ? decodeId(args.opportunity, 'opportunity', 'opportunity') : null,
            proposalId: null,
            contractValue: args.contractValue ?? null,
            plannedCost: args.plannedCost ?? null,
            plannedSeconds: args.plannedSeconds ?? null,
            start: args.start ?? null,
            end: args.end ?? null,
            plannedValues: args.plannedValues ?? null,
            earnedValueMethod: args.earnedValueMethod ?? null,
            evidence: { ...args.evidence },
            actor: context.actor,
            now,
          });
          await recordDecision(rows, {
            subject_kind: 'project',
            subject_id: projectId,
            version: (await versionOf(rows, projectId)) + 1,
            action: 'ACCEPT_BASELINE',
            from_state: null,
            to_state: null,
            actor: context.actor,
            at: now,
            details: { evidence: { ...args.evidence } },
            idempotencyKey: args.idempotencyKey,
          });
          return accepted;
        }),
    }),
  );
  return baseline;
}

async function readBaselines(rows: Rows, projectIds: readonly string[]): Promise<BaselineRow[][]> {
  const asked = unnest('asked', projectIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<BaselineRow>`
    select baseline.* from ${asked} join baseline on baseline.project_id = asked.id order by version desc`.execute(
    rows,
  );
  const byProject = Map.groupBy(found, (row) => row.project_id);
  return projectIds.map((id) => byProject.get(id) ?? []);
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}
