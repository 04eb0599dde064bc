import { expect, test } from 'vitest';
import { growingRedactor } from './redact.ts';

test('a refresh token that stays the same is masked, however often the access token beside it is replaced', () => {
  const { redact, hide } = growingRedactor(['client-secret']);
  hide(['refresh-of-years', 'access-0']);
  const shown: string[] = [];
  for (let renewal = 1; renewal <= 40; renewal += 1) {
    hide(['refresh-of-years', `access-${renewal}`]);
    shown.push(redact(`client-secret refresh-of-years access-${renewal} access-${renewal - 1}`));
  }
  expect(new Set(shown)).toEqual(new Set(['••• ••• ••• •••']));
  // Long since replaced: it opens nothing.
  expect(redact('said access-0.')).toBe('said access-0.');
});
