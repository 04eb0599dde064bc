import { defineKind } from '../kernel/kind.ts';

export const target = defineKind('target', { indexed: ['periodStart'], authority: ['google-sheets'] });
