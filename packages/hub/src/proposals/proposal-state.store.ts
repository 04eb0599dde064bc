import type { FieldValues } from '@plumbline/connector';
import { NotFoundError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, versionOf, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import { readProposals, type StandingProposal } from './proposal-terms.store.ts';
import { proposalTakenOverAt, type ProposalState } from './proposal.rules.ts';

/** A proposal on which somebody is about to decide. */
export interface DecidedProposal {
  proposal: StandingProposal;
  /** How many decisions were made on it so far. */
  version: number;
  /** Where it stands here, whatever a source says of it. */
  state: ProposalState;
}

/** Reads a proposal to decide on it. Throws NotFoundError, and ConflictError when the caller looked at an older one. */
export async function openProposal(rows: Rows, id: string, deciding: Deciding): Promise<DecidedProposal> {
  const [proposal] = await readProposals(rows, [id]);
  if (!proposal) throw new NotFoundError('There is no such proposal.', 'It may have been deleted; list them again.');
  const version = await versionOf(rows, proposal.id);
  checkVersion(version, deciding);
  const state = version > 0 ? (proposal.state ?? 'DRAFT') : proposalTakenOverAt(proposal.state);
  return { proposal, version, state };
}

/** The hub's own word about the proposal; what its source said of the state so far goes along. */
export async function writeProposalState(
  rows: Rows,
  own: OwnRecords,
  of: { proposal: StandingProposal; fields: FieldValues<'proposal'> & { state: ProposalState }; now: string },
): Promise<void> {
  const { id } = of.proposal;
  const standing = await own.of(rows, 'proposal', id);
  const past = standing?.history ?? (await own.pastOf(rows, { kind: 'proposal', entityId: id, field: 'state' }));
  const keys = standing?.keys ?? [await own.keyOf(rows, 'proposal', id)].filter((each) => each !== null);
  const { state } = of.fields;
  const stays = past.at(-1)?.value === state;
  await own.write(
    rows,
    {
      kind: 'proposal',
      id: standing?.id ?? id,
      keys,
      fields: { ...standing?.fields, ...of.fields },
      history: stays ? past : [...past, { field: 'state', at: of.now, value: state }],
    },
    of.now,
  );
}
