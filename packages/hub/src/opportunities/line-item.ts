import { defineKind } from '../kernel/kind.ts';

export const lineItem = defineKind('lineItem', { indexed: ['opportunity'], authority: ['hubspot', 'google-sheets'] });
