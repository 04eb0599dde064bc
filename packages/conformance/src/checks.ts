import type { Check } from './check.ts';
import { changeChecks } from './checks/changes.ts';
import { erasureChecks } from './checks/erasure.ts';
import { faultChecks } from './checks/faults.ts';
import { readingChecks } from './checks/reading.ts';
import { recordChecks } from './checks/records.ts';
import { timeChecks } from './checks/time.ts';
import { webhookChecks } from './checks/webhooks.ts';
import type { Ability, Conformance, Proof, Subject } from './subject.ts';
import { demand } from './violation.ts';

/** Every check there is for a connector, in the order in which they are made. */
export function checksOf(conformance: Pick<Conformance, 'refusals'>): readonly Check[] {
  return [
    ...readingChecks,
    ...changeChecks,
    ...erasureChecks,
    ...recordChecks,
    ...faultChecks(conformance),
    ...timeChecks,
    ...webhookChecks,
  ];
}

/** Why a check is not made: what the subject leaves out, and its reason. Null when it is. */
export function reasonNotToMake(check: Check, { leavesOut, only, proof }: Conformance): string | null {
  if (only && !only.includes(check.name)) return 'it is not among those asked for';
  const missing = check.wants.find((ability) => leavesOut[ability] !== undefined);
  if (missing !== undefined) return `${missing}: ${leavesOut[missing]}`;
  const given = proof ?? 'SIGNATURE';
  return check.proof === undefined || check.proof === given ? null : unproven[given];
}

/** Why what holds of the other proof is not checked. */
const unproven: Readonly<Record<Proof, string>> = {
  SIGNATURE: 'the vendor signs what it tells, and is told where by people',
  CHANNEL: 'the vendor signs nothing: the channel’s token proves what it tells',
};

/** The members of a subject that an ability asks for. */
const members: Readonly<Record<Ability, readonly (keyof Subject)[]>> = {
  wire: ['emulator'],
  times: [],
  many: [],
  unevenPages: [],
  zone: [],
  lag: ['lag'],
  remove: ['remove'],
  archive: ['archive', 'restore'],
  merge: ['merge'],
  move: ['move'],
  surround: ['surround'],
  hide: ['hide', 'show'],
  revoke: ['revoke', 'grant'],
  spoil: ['spoil', 'repair'],
  lay: ['lay'],
  webhooks: ['tell'],
  forget: ['forget'],
};

/** Demands that what a subject cannot do is said, and only that. */
export function demandHonesty(subject: Subject, { title, leavesOut, proof }: Conformance): void {
  const opensChannels = proof === 'CHANNEL';
  demand(
    (subject.counterfeits !== undefined) === opensChannels,
    `The subject of ${title} gives counterfeits where its proof is CHANNEL, and only there.`,
  );
  for (const [ability, wanted] of Object.entries(members) as [Ability, readonly (keyof Subject)[]][]) {
    if (wanted.length === 0) continue;
    const can = wanted.every((member) => subject[member] !== undefined);
    const says = leavesOut[ability] === undefined;
    const names = wanted.join(' and ');
    demand(can || !says, `The subject of ${title} has no ${names}: give it, or say in leavesOut.${ability} why not.`);
    demand(!can || says, `The subject of ${title} has ${names}, yet leavesOut.${ability} says that it has not.`);
  }
}
