import { expect, test } from 'vitest';
import { marginsOf, type MarginFacts } from './commercial-margin.rules.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const facts: MarginFacts = {
  price: eur('100000'),
  cost: eur('80000'),
  listPrice: null,
  contractValue: eur('500000'),
  plannedCost: eur('300000'),
};

function figures(changes: Partial<MarginFacts>): Record<string, string | null> {
  const { own, projectBefore, projectAfter } = marginsOf({ ...facts, ...changes });
  const shown = ({ figure }: typeof own) => figure.value ?? figure.reason;
  return { own: shown(own), before: shown(projectBefore), after: shown(projectAfter) };
}

test('the margin of a request, and of its project before and after', () => {
  expect(figures({})).toEqual({ own: '0.2', before: '0.4', after: '0.36666666666666666667' });
});

test('what is missing or in another currency is a reason, never a number', () => {
  expect(figures({ cost: null })).toEqual({
    own: 'The cost is not known.',
    before: '0.4',
    after: 'The cost is not known.',
  });
  expect(figures({ cost: { amount: '80000', currency: 'USD' } })).toEqual({
    own: 'Its amounts are in different currencies.',
    before: '0.4',
    after: 'Its amounts are in different currencies.',
  });
  expect(figures({ contractValue: null, plannedCost: null })).toEqual({
    own: '0.2',
    before: 'There is no baseline.',
    after: 'There is no baseline.',
  });
});

test('a credit has no margin of its own and still moves the project’s', () => {
  expect(figures({ price: eur('-100000'), cost: eur('0') })).toEqual({
    own: 'The price is not above 0.',
    before: '0.4',
    after: '0.25',
  });
});
