import { defineKind } from '../kernel/kind.ts';

export const milestone = defineKind('milestone', { indexed: ['project', 'due'], authority: ['jira', 'google-sheets'] });
