import { expect, test } from 'vitest';
import { memberNames, wordsOf } from './words.ts';

test('a name gives the same words however it is written', () => {
  for (const name of ['dealAmount', 'deal_amount', 'Deal amount', ' deal-AMOUNT ']) {
    expect(wordsOf(name)).toEqual(['deal', 'amount']);
  }
  expect(wordsOf('E-mail')).toEqual(['email']);
  expect(wordsOf('Probability (%)')).toEqual(['probability', '%']);
});

test('members are plain, begin with a letter, and are each their own', () => {
  const named = ['Origin', 'origin', '2026 Budget (€)', 'Größe', '???'].map((name, id) => ({ id: String(id), name }));
  expect(memberNames(named).map(({ member }) => member)).toEqual([
    'origin',
    'origin2',
    'field2026Budget',
    'groe',
    'field',
  ]);
});
