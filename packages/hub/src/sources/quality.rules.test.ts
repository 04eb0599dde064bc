import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  opportunityChecks,
  projectChecks,
  qualityOf,
  type FieldCheck,
  type OpportunityQualityFacts,
  type ProjectQualityFacts,
} from './quality.rules.ts';

const project: ProjectQualityFacts = {
  name: 'Rollout',
  code: 'RO',
  status: 'ACTIVE',
  start: '2026-01-05',
  end: '2026-06-30',
  currency: 'EUR',
  zone: 'Europe/Berlin',
  client: { isThere: true },
  manager: { isThere: true, status: 'ACTIVE' },
  opportunities: 1,
};

const deal: OpportunityQualityFacts = {
  name: 'Portal',
  amount: '480000',
  currency: 'EUR',
  pipeline: 'Sales',
  stage: 'Offer',
  state: 'PROPOSED',
  probability: '0.5',
  closeDate: '2026-05-01',
  client: { isThere: true },
  owner: { isThere: true, status: 'ACTIVE' },
  nextStep: 'Call',
  nextStepDate: '2026-03-20',
};

const told = (checks: FieldCheck[]) => {
  const { missing, invalid } = qualityOf(checks, '1');
  return { missing, invalid: invalid.map(({ field, problem }) => `${field}: ${problem}`) };
};

test('18 of 20 fields given, 17 of them valid, from a source of 20 minutes at 15: 0.8933…', () => {
  const checks = Array.from({ length: 20 }, (_, n) => ({
    field: `f${n}`,
    isGiven: n < 18,
    problem: n === 0 ? 'It is wrong.' : null,
  }));
  const { figure } = qualityOf(checks, '0.83333333333333333333');
  expect(figure.inputs).toMatchObject({ complete: '0.9', valid: '0.94444444444444444444' });
  expect(figure.figure.value).toMatch(/^0\.89333333/);
});

test('of an entity that is whole and fresh one can rely on all', () => {
  expect(qualityOf(projectChecks(project), '1').figure.figure.value).toBe('1');
  expect(qualityOf(opportunityChecks(deal, '2026-03-06'), '1').figure.figure.value).toBe('1');
});

test('what is missing is not invalid as well, and without a value nothing can be valid', () => {
  const nothing: ProjectQualityFacts = {
    name: ' ',
    code: null,
    status: null,
    start: null,
    end: null,
    currency: null,
    zone: null,
    client: null,
    manager: null,
    opportunities: 0,
  };
  const { figure, missing, invalid } = qualityOf(projectChecks(nothing), '1');
  expect([missing.length, invalid]).toEqual([10, []]);
  expect(figure.figure).toEqual({ value: null, reason: 'No mandatory field has a value.' });
});

test('a value that does not hold says what is wrong with it', () => {
  const wrong = projectChecks({
    ...project,
    end: '2026-01-04',
    currency: 'EURO',
    zone: 'Mars/Olympus',
    client: { isThere: false },
    manager: { isThere: true, status: 'LEFT' },
  });
  expect(told(wrong)).toEqual({
    missing: [],
    invalid: [
      'end: It is before the start.',
      'currency: It is no ISO 4217 code.',
      'zone: It is no IANA time zone.',
      'client: It leads to nothing that is there.',
      'manager: They have left.',
    ],
  });
  const doubtful = { ...deal, amount: '-1', probability: '1.5', closeDate: '2026-03-05', nextStepDate: '2026-03-05' };
  expect(told(opportunityChecks(doubtful, '2026-03-06')).invalid).toEqual([
    'amount: It is below 0.',
    'closeDate: It has passed, and the deal is open.',
    'probability: It is not between 0 and 1.',
    'nextStep: Its day has passed.',
  ]);
});

test('what is over needs no present: a closed deal no next step, a closed project no manager who is still here', () => {
  const won = { ...deal, state: 'WON' as const, closeDate: '2026-01-01', nextStep: null, probability: null };
  expect(told(opportunityChecks({ ...won, owner: { isThere: true, status: 'LEFT' } }, '2026-03-06'))).toEqual({
    missing: [],
    invalid: [],
  });
  const closed = { ...project, status: 'CLOSED' as const, manager: { isThere: true, status: 'LEFT' as const } };
  expect(told(projectChecks(closed))).toEqual({ missing: [], invalid: [] });
});

test('quality lies between 0 and 1, and never grows by another problem', () => {
  const checks = fc.array(
    fc.record({ field: fc.constant('f'), isGiven: fc.boolean(), problem: fc.option(fc.constant('It is wrong.')) }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(checks, fc.constantFrom('0', '0.5', '1'), (of, fresh) => {
      const before = qualityOf(of, fresh).figure.figure.value;
      const after = qualityOf(
        of.map((each, n) => (n === 0 ? { ...each, problem: 'It is wrong.' } : each)),
        fresh,
      ).figure.figure.value;
      expect((before === null) === (after === null)).toBe(true);
      expect(Number(before)).toBeGreaterThanOrEqual(Number(after));
      expect(Number(before)).toBeLessThanOrEqual(1);
      expect(Number(after)).toBeGreaterThanOrEqual(0);
    }),
  );
});
