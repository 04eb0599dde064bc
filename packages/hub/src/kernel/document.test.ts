import { expect, test } from 'vitest';
import { documentHtml } from './document.html.ts';
import { documentMarkdown } from './document.markdown.ts';
import type { Document } from './document.ts';
import { pageStyle } from './page.html.ts';

const hostile: Document = {
  title: '<script>alert(1)</script> | x',
  blocks: [
    { kind: 'status', text: '- a list?' },
    { kind: 'heading', text: '# *twice*' },
    { kind: 'text', text: '1. a list\n---' },
    { kind: 'list', items: ['- [x] a task', '<img src=x onerror=alert(1)>'] },
    { kind: 'pairs', rows: [['Who | what', '']] },
    { kind: 'table', head: ['A', 'B'], rows: [['a | b', '"quoted" & \'too\'']] },
  ],
};

test('what people wrote stays text in Markdown', () => {
  expect(documentMarkdown(hostile)).toBe(`# \\<script\\>alert(1)\\</script\\> \\| x

\\- a list?

## \\# \\*twice\\*

1\\. a list ---

- \\- \\[x\\] a task
- \\<img src=x onerror=alert(1)\\>

|  |  |
| --- | --- |
| Who \\| what |  |

| A | B |
| --- | --- |
| a \\| b | "quoted" \\& 'too' |
`);
});

test('an address that somebody wrote is no link', () => {
  const document: Document = {
    title: 'https://evil.example/a:b and http://evil.example',
    blocks: [{ kind: 'list', items: ['WWW.evil.example, 12:30', 'www.evil.example', 'mail ada@x.com'] }],
  };
  expect(documentMarkdown(document)).toBe(`# https\\://evil.example/a:b and http\\://evil.example

- WWW\\.evil.example, 12:30
- www\\.evil.example
- mail ada\\@x.com
`);
});

test('what people wrote stays text in HTML, and nothing is fetched or run', () => {
  const html = documentHtml(hostile);
  expect(html).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt; | x</h1>');
  expect(html).toContain('<title>&lt;script&gt;alert(1)&lt;/script&gt; | x</title>');
  expect(html).toContain('<ul><li>- [x] a task</li><li>&lt;img src=x onerror=alert(1)&gt;</li></ul>');
  expect(html).toContain('<tr><th scope="row">Who | what</th><td></td></tr>');
  expect(html).toContain('<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>');
  expect(html).toContain(
    '<tr><th scope="row">a | b</th><td data-label="B">&quot;quoted&quot; &amp; &#39;too&#39;</td></tr>',
  );
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1]));
  expect([...tags].filter((tag) => ['script', 'img', 'a', 'iframe', 'link', 'form'].includes(tag ?? ''))).toEqual([]);
});

const figures: Document = {
  title: 'Review',
  blocks: [
    { kind: 'pairs', rows: [['Client', 'Acme']] },
    { kind: 'heading', text: 'Figures & more' },
    {
      kind: 'table',
      head: ['Figure', 'Value'],
      rows: [
        ['Margin', '40 %'],
        ['Win rate', '25 %'],
        ['Pipeline', 'EUR 10.00'],
      ],
      numbers: ['Value'],
      marks: ['good', 'bad', null],
    },
    { kind: 'heading', text: 'Who decides' },
    { kind: 'form', head: ['For you', 'For us'], labels: ['Signature'] },
  ],
};

test('every table is named by the heading above it, its rows by their first cells, and its cells by their heads', () => {
  const html = documentHtml(figures);
  expect([...html.matchAll(/<caption>(.*?)<\/caption>/g)].map((match) => match[1])).toEqual([
    'Review',
    'Figures &amp; more',
    'Who decides',
  ]);
  expect(html).toContain('<th scope="col">Figure</th><th scope="col" class="number">Value</th>');
  expect(html)
    .toContain(`<tr class="good"><th scope="row">Margin</th><td class="number" data-label="Value">40 %</td></tr>
<tr class="bad"><th scope="row">Win rate</th><td class="number" data-label="Value">25 %</td></tr>
<tr><th scope="row">Pipeline</th><td class="number" data-label="Value">EUR 10.00</td></tr>`);
});

test('in Markdown numbers stand under each other, unless a row would be longer than a terminal is wide', () => {
  const figures = (long: string): Document => ({
    title: 'Review',
    blocks: [
      {
        kind: 'table',
        head: ['Figure', 'Value', 'Why'],
        rows: [
          ['Margin', '4.5 %', long],
          ['Win | loss', '25 %', ''],
        ],
        numbers: ['Value'],
      },
    ],
  });
  const fitting = 'x'.repeat(100 - '| Win \\| loss | 4.5 % |  |'.length);
  expect(documentMarkdown(figures(fitting)).split('\n').slice(2)).toEqual([
    `| Figure      | Value | Why${' '.repeat(fitting.length - 3)} |`,
    `| ----------- | ----: | ${'-'.repeat(fitting.length)} |`,
    `| Margin      | 4.5 % | ${fitting} |`,
    `| Win \\| loss |  25 % | ${' '.repeat(fitting.length)} |`,
    '',
  ]);
  expect(
    documentMarkdown(figures(`${fitting}x`))
      .split('\n')
      .slice(2),
  ).toEqual([
    '| Figure | Value | Why |',
    '| --- | --: | --- |',
    `| Margin | 4.5 % | ${fitting}x |`,
    '| Win \\| loss | 25 % |  |',
    '',
  ]);
});

test('room to write stays empty in both forms', () => {
  expect(documentHtml(figures)).toContain('<tr><th scope="row">Signature</th><td></td><td></td></tr>');
  expect(documentMarkdown(figures)).toContain('|  | For you | For us |\n| --- | --- | --- |\n| Signature |  |  |');
});

test('text on every page stands out from its background at least 4.5 to 1, and lines that mean something 3 to 1', () => {
  const texts = [...pageStyle.matchAll(/[ {;]color: (#[0-9a-f]{3,6})/g)].map((match) => match[1] ?? '');
  const lines = [...pageStyle.matchAll(/border-left(?:-color)?: (?:3px solid )?(#[0-9a-f]{3,6})/g)].map(
    (match) => match[1] ?? '',
  );
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.filter((color) => contrast(color) < 4.5)).toEqual([]);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((color) => contrast(color) < 3)).toEqual([]);
});

/** Of a colour on white, as WCAG computes it. */
function contrast(color: string): number {
  const digits = color.length === 4 ? color.slice(1).replaceAll(/./g, '$&$&') : color.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0) + 0.05);
}
