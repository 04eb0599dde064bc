import { defineKind } from '../kernel/kind.ts';

export const budget = defineKind('budget', { indexed: ['project'], authority: ['google-sheets', 'jira'] });
