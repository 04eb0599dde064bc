import { Initial } from './0001-initial.ts';
import { Compression } from './0002-compression.ts';
import { ChangeControl } from './0003-change-control.ts';
import { PastValues } from './0004-past-values.ts';
import { Agreements } from './0005-agreement.ts';
import { DocumentsAsText } from './0006-documents-as-text.ts';
import { Proposals } from './0007-proposals.ts';
import { StatusesOfWork } from './0008-statuses-of-work.ts';
import { Allocations } from './0009-allocations.ts';
import { WebhooksIn } from './0011-webhooks.ts';
import { Drift } from './0012-drift.ts';
import { RunsAndBudgets } from './0014-runs-and-budgets.ts';
import { BeforeTheSignature } from './0015-before-the-signature.ts';
import { CheckIns } from './0016-check-ins.ts';
import { ClientTokens } from './0017-client-tokens.ts';
import { LinkDecisions } from './0018-link-decisions.ts';
import { ReviewPacks } from './0019-review-packs.ts';
import { Erasures } from './0020-erasure.ts';
import { ReviewsByThemselves } from './0022-reviews-by-themselves.ts';
import { WhatAKeyWasUsedFor } from './0023-what-a-key-was-used-for.ts';
import { WhomAViewIsFor } from './0024-whom-a-view-is-for.ts';

/** In the order they run; a migration that has shipped is never changed. */
export const migrations = [
  { name: '0001-initial', class: Initial },
  { name: '0002-compression', class: Compression },
  { name: '0003-change-control', class: ChangeControl },
  { name: '0004-past-values', class: PastValues },
  { name: '0005-agreement', class: Agreements },
  { name: '0006-documents-as-text', class: DocumentsAsText },
  { name: '0007-proposals', class: Proposals },
  { name: '0008-statuses-of-work', class: StatusesOfWork },
  { name: '0009-allocations', class: Allocations },
  { name: '0011-webhooks', class: WebhooksIn },
  { name: '0012-drift', class: Drift },
  { name: '0014-runs-and-budgets', class: RunsAndBudgets },
  { name: '0015-before-the-signature', class: BeforeTheSignature },
  { name: '0016-check-ins', class: CheckIns },
  { name: '0017-client-tokens', class: ClientTokens },
  { name: '0018-link-decisions', class: LinkDecisions },
  { name: '0019-review-packs', class: ReviewPacks },
  { name: '0020-erasure', class: Erasures },
  { name: '0022-reviews-by-themselves', class: ReviewsByThemselves },
  { name: '0023-what-a-key-was-used-for', class: WhatAKeyWasUsedFor },
  { name: '0024-whom-a-view-is-for', class: WhomAViewIsFor },
];
