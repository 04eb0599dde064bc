import { defineKind } from '../kernel/kind.ts';

export const capacity = defineKind('capacity', { indexed: ['person'], authority: ['google-sheets'] });
