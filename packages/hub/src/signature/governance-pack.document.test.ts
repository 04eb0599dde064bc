import { expect, test } from 'vitest';
import { documentMarkdown } from '../kernel/document.markdown.ts';
import { composePack, type PackFacts } from './governance-pack.document.ts';

const facts: PackFacts = {
  state: 'SUBMITTED',
  accepted: false,
  version: 2,
  client: 'Acme | GmbH',
  terms: {
    name: 'Portal',
    price: { amount: '480000', currency: 'EUR' },
    start: '2026-05-01',
    end: '2026-08-08',
    deliverables: ['Design', '25 × Licence'],
    commitments: [{ key: 'C1', text: 'Exports in a minute', deliverable: 'Design', due: '2026-07-01' }],
    changeControl: 'Changes are agreed in writing.',
    cadenceDays: 7,
    reportingCycleDays: 1,
    escalationPath: ['Head of delivery', 'COO'],
  },
  quoteValidDays: 30,
};

function written(changes: Partial<PackFacts>): string {
  const composed = composePack({ ...facts, ...changes });
  if ('reason' in composed) throw new Error(composed.reason);
  return documentMarkdown(composed.document);
}

test('the pack says how both sides work together, and leaves room for who decides', () => {
  expect(written({})).toBe(`# How we work together: Portal

Offered to you. Version 2.

|  |  |
| --- | --- |
| Client | Acme \\| GmbH |
| Price | EUR 480,000.00 |
| First day of work | 2026-05-01 |
| Last planned day of work | 2026-08-08 |

## What you get

- Design
- 25 × Licence

## What we promise

- Exports in a minute (Design), by 2026-07-01

## How we keep in touch

|  |  |
| --- | --- |
| We meet | Every 7 calendar days |
| We report | Every day |
| Whoever is not content tells | the project’s manager, then Head of delivery, then COO |

## How changes are agreed

Changes are agreed in writing.

- Either side asks for a change, in whatever way; we write it down.
- We say what it means for price, work and schedule, zero included.
- You decide on our quote, which is valid for 30 calendar days.
- Work on it begins when you have agreed, and not before.

## Who decides

|  | For you | For us |
| --- | --- | --- |
| Decides on changes |  |  |
| Accepts what is delivered |  |  |
| Date |  |  |
| Signature |  |  |
`);
});

test('what is not agreed yet is said and named, and then it is a draft', () => {
  const bare = {
    ...facts,
    terms: { ...facts.terms, cadenceDays: null, escalationPath: [], changeControl: null, price: null },
  };
  const composed = composePack(bare);
  expect(composed).toMatchObject({ missing: ['price', 'cadenceDays', 'escalationPath', 'changeControl'] });
  const page = written(bare);
  expect(page).toContain('Draft: not everything is agreed yet. Version 2.');
  expect(page).toContain('| We meet | Not agreed yet. |');
  expect(page).not.toContain('| Price |');
});

test('of what was declined or superseded there is none', () => {
  expect(composePack({ ...facts, state: 'SUPERSEDED' })).toEqual({ reason: 'The proposal is SUPERSEDED.' });
  expect(composePack({ ...facts, state: 'DECLINED' })).toEqual({ reason: 'The proposal is DECLINED.' });
  expect(written({ state: 'ACCEPTED', accepted: true, version: null })).toContain('\nAgreed.\n');
  // So a sheet says, and nobody has shown it.
  expect(written({ state: 'ACCEPTED', version: null })).toContain('\nOffered to you.\n');
});
