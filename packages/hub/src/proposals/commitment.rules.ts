import { InputError } from '../kernel/api-error.ts';

/** What is promised within a proposal; null where it says nothing. */
export interface CommitmentTerms {
  /** The name people say, unique within the proposal. */
  key: string | null;
  text: string;
  /** One of the deliverables, by its text. */
  deliverable: string | null;
  due: string | null;
}

const MOST = 200;
const LONGEST = 10_000;

/** The same commitments, each with a key: C1, C2 and so on where none is given. Pure. */
export function withKeys(commitments: readonly CommitmentTerms[]): CommitmentTerms[] {
  const taken = new Set(commitments.flatMap(({ key }) => key?.trim() || []));
  let number = 0;
  return commitments.map((commitment) => {
    const given = commitment.key?.trim();
    if (given) return { ...commitment, key: given };
    do number += 1;
    while (taken.has(`C${number}`));
    return { ...commitment, key: `C${number}` };
  });
}

/** Throws InputError where a commitment says nothing, has a key twice or belongs to what is not delivered. */
export function checkCommitments(terms: {
  commitments: readonly CommitmentTerms[] | null;
  deliverables: readonly string[] | null;
}): void {
  const commitments = terms.commitments ?? [];
  const wrong = (message: string, remedy: string): never => {
    throw new InputError('terms.commitments', message, remedy);
  };
  if (commitments.length > MOST)
    wrong(`There are ${commitments.length}; ${MOST} are allowed.`, 'Put several into one.');
  if (commitments.some(({ text }) => !text.trim() || text.length > LONGEST))
    wrong(`A commitment is blank, or longer than ${LONGEST} characters.`, 'Say what is promised, in one sentence.');
  const keys = commitments.map(({ key }) => key);
  const twice = keys.find((key, index) => key !== null && keys.indexOf(key) < index);
  if (twice !== undefined) wrong(`The key "${twice}" stands twice.`, 'Give each a key of its own, or none.');
  const stray = commitments.find(
    ({ deliverable }) => deliverable !== null && !terms.deliverables?.includes(deliverable),
  );
  if (stray)
    wrong(
      `"${stray.deliverable}" is not among the deliverables.`,
      'Name a deliverable as it is written there, or leave it out.',
    );
}
