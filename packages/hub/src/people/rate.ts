import { defineKind } from '../kernel/kind.ts';

export const rate = defineKind('rate', { indexed: ['person'], authority: ['google-sheets'] });
