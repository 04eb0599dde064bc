import { defineKind } from '../kernel/kind.ts';

export const quota = defineKind('quota', { indexed: ['owner'], authority: ['google-sheets', 'hubspot'] });
