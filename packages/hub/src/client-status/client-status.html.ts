import { hash } from 'node:crypto';
import { moneyText } from '../change-requests/quote.document.ts';
import { escapeHtml } from '../kernel/html.ts';
import {
  changeWords,
  milestoneWords,
  type ClientStatus,
  type StatusChange,
  type StatusMilestone,
  type StatusProject,
  type StatusWait,
} from './client-status.rules.ts';
import type { ClientStatusSettings } from './client-status.settings.ts';

/** A page, and the policy under which a browser may show it. */
interface Page {
  html: string;
  policy: string;
}

const style = `
  body { font: 11pt/1.5 system-ui, sans-serif; color: #111; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
  h3 { font-size: 1rem; margin: 1.5rem 0 0.25rem; } h1, h2, h3 { break-after: avoid; }
  table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
  th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid #bbb; }
  th { font-weight: 500; } td.day { white-space: nowrap; }
  h1, h2, td, p { overflow-wrap: anywhere; unicode-bidi: plaintext; }
  .late { font-weight: 600; }
  label, input, button { font: inherit; } input { width: 100%; box-sizing: border-box; padding: 0.4rem; margin: 0.25rem 0 0.75rem; }
  @page { margin: 2cm; } @media print { body { margin: 0; padding: 0; max-width: none; } form { display: none; } }
`;

/** Nothing is fetched, framed or run; the one style sheet there is, is named by its hash. */
const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The status as a page that prints well. */
export function statusHtml(status: ClientStatus): Page {
  const { firm, client, projects, complete, isLate } = status;
  return page(
    `Status for ${client}`,
    `<h1>Status for ${escapeHtml(client)}</h1>
<p>By ${escapeHtml(firm)}, ${instantWords(status.asOf)}. ${readWords(status)}</p>
${isLate ? '<p class="late">Some of this is older than it should be.</p>' : ''}
${complete ? '' : '<p class="late">There is more than is shown here. Ask us for the rest.</p>'}
${projects.length === 0 ? '<p>No project is going on.</p>' : projects.map(section).join('\n')}
<form method="post" action="/client/status"><input type="hidden" name="leave" value="yes"><p><button>Leave</button></p></form>`,
  );
}

/** Where a token is given; `problem` says what was wrong with the one before. */
export function entryHtml({ firm }: ClientStatusSettings, problem: string | null): Page {
  return page(
    'Status of your projects',
    `<h1>Status of your projects</h1>
<p>By ${escapeHtml(firm)}.</p>
${problem === null ? '' : `<p class="late" role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/client/status">
<label>The token we gave you <input name="token" type="password" required autocomplete="current-password" maxlength="200"></label>
<button>Show the status</button>
</form>`,
  );
}

function page(title: string, body: string): Page {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta name="referrer" content="same-origin">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return { html, policy };
}

function section(project: StatusProject): string {
  const { name, waitingForYou, nextSteps, milestones, changeRequests } = project;
  return `<section>
<h2>${escapeHtml(name)}</h2>
${table('We wait for you', ['What', 'Price', 'Since', 'Valid until'], waitingForYou.map(waitRow))}
${table(
  'Next',
  ['What', 'Expected'],
  nextSteps.map(({ what, on }) => [text(what), day(on)]),
)}
${table('Milestones', ['Milestone', 'State', 'Agreed', 'Expected', 'Reached'], milestones.map(milestoneRow))}
${table('Changes', ['Change', 'State', 'Price', 'Offered', 'Decided'], changeRequests.map(changeRow))}
</section>`;
}

function waitRow({ what, price, since, validUntil }: StatusWait): string[] {
  return [text(what), text(price ? moneyText(price) : ''), day(since), day(validUntil)];
}

function milestoneRow({ name, state, due, forecast, achievedOn }: StatusMilestone): string[] {
  return [text(name), text(milestoneWords[state]), day(due), day(forecast), day(achievedOn)];
}

function changeRow({ title, state, quote, decidedOn }: StatusChange): string[] {
  const price = quote?.price ? moneyText(quote.price) : '';
  return [text(title), text(changeWords[state]), text(price), day(quote?.quotedOn ?? null), day(decidedOn)];
}

function table(title: string, heads: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return '';
  const head = heads.map((each) => `<th scope="col">${each}</th>`).join('');
  return `<h3>${title}</h3>
<table><thead><tr>${head}</tr></thead><tbody>${rows.map((cells) => `<tr>${cells.join('')}</tr>`).join('')}</tbody></table>`;
}

function text(value: string): string {
  return `<td>${escapeHtml(value)}</td>`;
}

function day(value: string | null): string {
  return `<td class="day">${escapeHtml(value ?? '')}</td>`;
}

function readWords({ readAt }: ClientStatus): string {
  return readAt === null
    ? 'Not all of our systems have been read yet.'
    : `Read from our systems ${instantWords(readAt)}.`;
}

function instantWords(instant: string): string {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO('UTC');
  return `${at.toPlainDate().toString()} at ${at.toPlainTime().toString({ smallestUnit: 'minute' })} UTC`;
}
