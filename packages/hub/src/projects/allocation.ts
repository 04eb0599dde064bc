import { defineKind } from '../kernel/kind.ts';

export const allocation = defineKind('allocation', {
  indexed: ['person', 'project', 'to'],
  authority: ['google-sheets'],
});
