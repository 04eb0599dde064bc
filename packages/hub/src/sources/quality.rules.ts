import type { opportunityStates, personStatuses, projectStatuses } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { quality } from './source.metrics.ts';

/** An entity that is referred to; null where nothing is, `isThere` false where it has not arrived or is deleted. */
type Referred<More = object> = ({ isThere: boolean } & More) | null;

type Employed = { status: (typeof personStatuses)[number] | null };

export interface ProjectQualityFacts {
  name: string | null;
  code: string | null;
  status: (typeof projectStatuses)[number] | null;
  start: string | null;
  end: string | null;
  currency: string | null;
  zone: string | null;
  client: Referred;
  manager: Referred<Employed>;
  /** How many opportunities it is linked to. */
  opportunities: number;
}

export interface OpportunityQualityFacts {
  name: string | null;
  amount: string | null;
  currency: string | null;
  pipeline: string | null;
  stage: string | null;
  state: (typeof opportunityStates)[number] | null;
  probability: string | null;
  closeDate: string | null;
  client: Referred;
  owner: Referred<Employed>;
  nextStep: string | null;
  nextStepDate: string | null;
}

/** A mandatory field: whether it has a value, and what is wrong with it, in a sentence. */
export interface FieldCheck {
  field: string;
  isGiven: boolean;
  problem: string | null;
}

export interface DataQuality {
  figure: PresentedMetric;
  missing: readonly string[];
  invalid: readonly { field: string; problem: string }[];
}

/** Weighs what is given, what of it holds, and how fresh the sources are. Pure. */
export function qualityOf(checks: readonly FieldCheck[], fresh: string | null): DataQuality {
  const given = checks.filter(({ isGiven }) => isGiven);
  const invalid = given.flatMap(({ field, problem }) => (problem === null ? [] : [{ field, problem }]));
  return {
    figure: present(quality, {
      complete: share(given.length, checks.length),
      valid: share(given.length - invalid.length, given.length),
      fresh,
    }),
    missing: checks.filter(({ isGiven }) => !isGiven).map(({ field }) => field),
    invalid,
  };
}

/** The mandatory fields of a project. Pure. */
export function projectChecks(facts: ProjectQualityFacts): FieldCheck[] {
  const { status, start, end, currency, zone, client, manager, opportunities } = facts;
  const isOver = status === 'DELIVERED' || status === 'CLOSED' || status === 'CANCELLED';
  return [
    text('name', facts.name),
    text('code', facts.code),
    check('status', status),
    check('start', start),
    check('end', end, start !== null && end !== null && end < start && 'It is before the start.'),
    check('currency', currency, !isCurrency(currency) && 'It is no ISO 4217 code.'),
    check('zone', zone, !isZone(zone) && 'It is no IANA time zone.'),
    reference('client', client),
    reference('manager', manager, !isOver && manager?.status === 'LEFT' && 'They have left.'),
    check('opportunities', opportunities === 0 ? null : opportunities),
  ];
}

/** The mandatory fields of an opportunity; one that is closed needs neither a probability nor a next step. Pure. */
export function opportunityChecks(facts: OpportunityQualityFacts, today: string): FieldCheck[] {
  const { amount, currency, state, probability, closeDate, owner, nextStep, nextStepDate } = facts;
  const isOpen = state !== 'WON' && state !== 'LOST' && state !== 'NO_DECISION';
  const isPast = (day: string | null): boolean => isOpen && day !== null && day < today;
  return [
    text('name', facts.name),
    check('amount', amount, amountProblem(amount, currency)),
    text('pipeline', facts.pipeline),
    text('stage', facts.stage),
    check('state', state),
    check('closeDate', closeDate, isPast(closeDate) && 'It has passed, and the deal is open.'),
    reference('client', facts.client),
    reference('owner', owner, isOpen && owner?.status === 'LEFT' && 'They have left.'),
    ...(isOpen
      ? [
          check('probability', probability, !isShare(probability) && 'It is not between 0 and 1.'),
          { ...text('nextStep', nextStep), problem: isPast(nextStepDate) ? 'Its day has passed.' : null },
        ]
      : []),
  ];
}

function check(field: string, value: unknown, problem: string | false = false): FieldCheck {
  return { field, isGiven: value !== null, problem: problem || null };
}

function text(field: string, value: string | null): FieldCheck {
  return check(field, value?.trim() ? value : null);
}

function reference(field: string, to: Referred, problem: string | false = false): FieldCheck {
  return check(field, to, to?.isThere === false ? 'It leads to nothing that is there.' : problem);
}

function amountProblem(amount: string | null, currency: string | null): string | false {
  if (amount !== null && decimal(amount).lessThan(0)) return 'It is below 0.';
  return !isCurrency(currency) && 'Its currency is no ISO 4217 code.';
}

function isShare(value: string | null): boolean {
  return value !== null && decimal(value).greaterThanOrEqualTo(0) && decimal(value).lessThanOrEqualTo(1);
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

function isCurrency(code: string | null): boolean {
  return code !== null && currencies.has(code);
}

function isZone(zone: string | null): boolean {
  try {
    return zone !== null && Boolean(Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone));
  } catch {
    return false;
  }
}

function share(part: number, whole: number): string | null {
  return whole === 0 ? null : decimal(part).div(whole).toSignificantDigits(20).toFixed();
}
