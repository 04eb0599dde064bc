import { expect, test } from 'vitest';
import { documentHtml } from './document.html.ts';
import { documentMarkdown } from './document.markdown.ts';
import type { Document } from './document.ts';

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
  expect(html).toContain(
    '<tr><th scope="col">A</th><th scope="col">B</th></tr><tr><td>a | b</td><td>&quot;quoted&quot; &amp; &#39;too&#39;</td></tr>',
  );
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1]));
  expect([...tags].filter((tag) => ['script', 'img', 'a', 'iframe', 'link', 'form'].includes(tag ?? ''))).toEqual([]);
});
