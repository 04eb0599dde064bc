import { defineKind } from '../kernel/kind.ts';

export const exchangeRate = defineKind('exchangeRate', {
  indexed: ['validOn'],
  authority: ['google-sheets', 'hubspot'],
});
