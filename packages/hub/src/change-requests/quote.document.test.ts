import { expect, test } from 'vitest';
import { documentHtml } from '../kernel/document.html.ts';
import { documentMarkdown } from '../kernel/document.markdown.ts';
import { composeQuote, type QuoteFacts } from './quote.document.ts';

const facts: QuoteFacts = {
  state: 'QUOTED',
  key: 'CR-7',
  title: 'Export to CSV',
  description: 'All orders.\n\nAlso the old ones.',
  project: 'Rollout',
  client: 'Acme GmbH',
  price: { amount: '12000', currency: 'EUR' },
  effortSeconds: 180_000,
  scheduleDays: 7,
  end: '2026-06-30',
  contractValue: { amount: '500000.50', currency: 'EUR' },
  quotedOn: '2026-03-06',
  validUntil: '2026-04-05',
  decision: null,
};

function documents(changes: Partial<QuoteFacts>): { markdown: string; html: string } {
  const composed = composeQuote({ ...facts, ...changes });
  if ('reason' in composed) throw new Error(composed.reason);
  return { markdown: documentMarkdown(composed.document), html: documentHtml(composed.document) };
}

test('a quote in Markdown says what the client decides on, and leaves room for it', () => {
  expect(documents({}).markdown).toBe(`# Quote for a change: Export to CSV

Offer of 2026-03-06.

|  |  |
| --- | --- |
| Client | Acme GmbH |
| Project | Rollout |
| Request | CR-7 |

## What is asked for

> All orders.
>
> Also the old ones.

## What it means

|  |  |
| --- | --- |
| Price | EUR 12,000.00 |
| Additional work | 50 hours |
| Schedule | 7 calendar days later: 2026-07-07 instead of 2026-06-30 |
| Contract value before | EUR 500,000.50 |
| Contract value after | EUR 512,000.50 |
| Valid until | 2026-04-05 |

## Decision

|  |  |
| --- | --- |
| Decision | ☐ accepted / ☐ declined |
| Name |  |
| Date |  |
| Signature |  |
`);
});

test('without price, work or schedule there is no quote but a reason, and for what is not sold there is none either', () => {
  expect(composeQuote({ ...facts, price: null })).toEqual({ reason: 'Its price is not known yet.' });
  expect(composeQuote({ ...facts, effortSeconds: null })).toEqual({ reason: 'Its work is not known yet.' });
  expect(composeQuote({ ...facts, scheduleDays: null })).toEqual({
    reason: 'Its effect on the schedule is not known yet.',
  });
  expect(composeQuote({ ...facts, state: 'WITHDRAWN' })).toEqual({ reason: 'It was withdrawn.' });
  expect(composeQuote({ ...facts, state: 'ABSORBED' })).toEqual({
    reason: 'It is given away, so there is nothing to quote.',
  });
});

test('zero is an answer, a credit is shown as one, and amounts of two currencies are not added up', () => {
  const { markdown } = documents({
    price: { amount: '-1234.5678', currency: 'USD' },
    effortSeconds: 0,
    scheduleDays: 0,
    end: null,
  });
  expect(markdown).toContain('| Price | -USD 1,234.5678 |');
  expect(markdown).toContain('| Additional work | 0 hours |');
  expect(markdown).toContain('| Schedule | No change |');
  expect(markdown).toContain('| Contract value after | EUR 500,000.50 and -USD 1,234.5678 |');
});

test('before it is quoted it is a draft, and when it is decided it says by whom', () => {
  const draft = documents({ state: 'COMMERCIAL_REVIEW', quotedOn: null, validUntil: null });
  expect(draft.markdown).toContain('Draft, not an offer: nobody has released it yet.');
  expect(draft.html).toContain('Draft, not an offer: nobody has released it yet.');
  expect(draft.markdown).not.toContain('Valid until');
  const decided = documents({ state: 'REJECTED', decision: { accepted: false, by: 'Mr <Client>', on: '2026-03-10' } });
  expect(decided.html).toContain('<p>Declined by Mr &lt;Client&gt; on 2026-03-10.</p>');
  expect(decided.markdown).toContain('Declined by Mr \\<Client\\> on 2026-03-10.');
  expect(decided.markdown).not.toContain('Signature');
});

const hostile = {
  title: `<script>alert(1)</script> & "quotes" 'too'`,
  description: [
    '[click](javascript:alert(1)) ![x](https://x.example/p.png)',
    '# A heading',
    '- [ ] a task',
    '1. a list',
    '> a quote',
    '```',
    '---',
    '<img src=x onerror=alert(1)>',
    '    four spaces',
  ].join('\r\n'),
  project: 'A | B \\| C\n| D |',
  client: '*Bold* _it_ `code` ~~gone~~ &lt;',
};

test('what people wrote stays text in Markdown', () => {
  const { markdown } = documents(hostile);
  expect(markdown.split('\n')[0]).toBe(`# Quote for a change: \\<script\\>alert(1)\\</script\\> \\& "quotes" 'too'`);
  const lines = markdown.split('\n').filter((line) => line.startsWith('> '));
  expect(lines).toEqual([
    '> \\[click\\](javascript:alert(1)) !\\[x\\](https\\://x.example/p.png)',
    '> \\# A heading',
    '> \\- \\[ \\] a task',
    '> 1\\. a list',
    '> \\> a quote',
    '> \\`\\`\\`',
    '> \\---',
    '> \\<img src=x onerror=alert(1)\\>',
    '> four spaces',
  ]);
  expect(markdown).toContain('| Project | A \\| B \\\\\\| C \\| D \\| |\n');
  expect(markdown).toContain('| Client | \\*Bold\\* \\_it\\_ \\`code\\` \\~\\~gone\\~\\~ \\&lt; |\n');
});

test('what people wrote stays text in HTML, and nothing is fetched or run', () => {
  const { html } = documents(hostile);
  const text = '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; &#39;too&#39;';
  expect(html).toContain(`<title>Quote for a change: ${text}</title>`);
  expect(html).toContain(`<h1>Quote for a change: ${text}</h1>`);
  expect(html).toContain('<p>&lt;img src=x onerror=alert(1)&gt;</p>');
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
});
