import type { EntitySchema } from '@mikro-orm/core';
import type { KindName } from '@plumbline/connector';
import { Agreement } from './change-requests/agreement.ts';
import { ChangeOrder, ChangeOrderRequest } from './change-requests/change-order.ts';
import { changeRequest } from './change-requests/change-request.ts';
import { CommercialReview } from './change-requests/commercial-review.ts';
import { ClientToken } from './client-status/client-token.ts';
import { closeNeed } from './check-ins/close-need.ts';
import { obstacle } from './check-ins/obstacle.ts';
import { OpportunityView } from './check-ins/opportunity-view.ts';
import { Reminder } from './check-ins/reminder.ts';
import { ViewWithdrawal } from './check-ins/view-withdrawal.ts';
import { client } from './clients/client.ts';
import { Decision } from './kernel/decision.ts';
import { Past, Version } from './kernel/history.ts';
import type { Kind } from './kernel/kind.ts';
import { ManyReference } from './kernel/many-reference.ts';
import { exchangeRate } from './money/exchange-rate.ts';
import { lineItem } from './opportunities/line-item.ts';
import { opportunity } from './opportunities/opportunity.ts';
import { quota } from './opportunities/quota.ts';
import { capacity } from './people/capacity.ts';
import { person } from './people/person.ts';
import { rate } from './people/rate.ts';
import { allocation } from './projects/allocation.ts';
import { Baseline } from './projects/baseline.ts';
import { budget } from './projects/budget.ts';
import { milestone } from './projects/milestone.ts';
import { ProjectLink } from './projects/project-link.ts';
import { project } from './projects/project.ts';
import { workItem } from './projects/work-item.ts';
import { ReportSending } from './packs/report-sending.ts';
import { ReportSnapshot } from './packs/report-snapshot.ts';
import { target } from './packs/target.ts';
import { CommitmentLink } from './proposals/commitment-link.ts';
import { commitment } from './proposals/commitment.ts';
import { proposalRole } from './proposals/proposal-role.ts';
import { proposal } from './proposals/proposal.ts';
import { SowStandard } from './proposals/standard.ts';
import { SowTemplate } from './proposals/template.ts';
import { FeasibilityReview } from './reviews/feasibility-review.ts';
import { risk } from './risks/risk.ts';
import { RateSchedule } from './sources/rate-schedule.ts';
import { Source } from './sources/source.ts';
import { SourceDrift } from './sources/source-drift.ts';
import { Erasure, ErasureSecret } from './sync/erasure.ts';
import { Facet, Identity, MergedEntity } from './sync/facet.ts';
import { Quarantine, RecordPayload, SourceRecord } from './sync/record.ts';
import { StreamCursor, SyncRun } from './sync/run.ts';
import { WebhookEvent, WebhookHealth, WebhookLook, WebhookSubscription } from './sync/webhook.ts';
import { timeEntry } from './time/time-entry.ts';

/** Every kind, in an order in which references mostly point backwards. */
export const allKinds: Readonly<Record<KindName, Kind>> = {
  person,
  rate,
  capacity,
  client,
  exchangeRate,
  opportunity,
  lineItem,
  quota,
  target,
  project,
  proposal,
  proposalRole,
  commitment,
  budget,
  milestone,
  allocation,
  changeRequest,
  workItem,
  timeEntry,
  risk,
  obstacle,
  closeNeed,
};

export const entities: EntitySchema[] = [
  ...Object.values(allKinds).map((kind) => kind.entity),
  ...([
    Version,
    Past,
    ManyReference,
    Source,
    SourceDrift,
    RateSchedule,
    SourceRecord,
    RecordPayload,
    Quarantine,
    Facet,
    Identity,
    MergedEntity,
    SyncRun,
    StreamCursor,
    WebhookEvent,
    WebhookLook,
    WebhookHealth,
    WebhookSubscription,
    Erasure,
    ErasureSecret,
    ProjectLink,
    Decision,
    Baseline,
    ChangeOrder,
    ChangeOrderRequest,
    CommercialReview,
    Agreement,
    FeasibilityReview,
    CommitmentLink,
    SowStandard,
    SowTemplate,
    OpportunityView,
    ViewWithdrawal,
    Reminder,
    ReportSending,
    ReportSnapshot,
    ClientToken,
  ] as unknown as EntitySchema[]),
];
