import type { MoneyValue } from '@plumbline/connector';
import { hash } from 'node:crypto';
import { moneyText } from '../change-requests/quote.document.ts';
import type { Rows } from '../kernel/document.ts';
import { escapeHtml } from '../kernel/html.ts';
import { pageHtml, pageStyle, rowsHtml } from '../kernel/page.html.ts';
import {
  changeWords,
  milestoneWords,
  type ClientStatus,
  type StatusChange,
  type StatusMessage,
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

const style = `${pageStyle}
  .late { font-weight: 600; } form { margin-top: 2rem; max-width: 30rem; }
  label, input, button { font: inherit; } input { display: block; width: 100%; box-sizing: border-box; padding: 0.5rem; margin: 0.25rem 0 0.75rem; }
  button { padding: 0.4rem 1rem; } @media print { form { display: none; } }
`;

/** Nothing is fetched, framed or run; the one style sheet there is, is named by its hash. */
const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The status as a page that prints well. */
export function statusHtml(status: ClientStatus): Page {
  const { firm, client, messages, waitingForYou, projects, complete, isLate } = status;
  return page(
    `Status for ${client}`,
    `<h1>Status for ${escapeHtml(client)}</h1>
<p>By ${escapeHtml(firm)}, ${instantWords(status.asOf)}. ${readWords(status)}</p>
${isLate ? '<p class="late">Some of this is older than it should be.</p>' : ''}
${complete ? '' : '<p class="late">There is more than is shown here. Ask us for the rest.</p>'}
${messages.map(messageHtml).join('\n')}
${waitingForYou.length === 0 ? '' : `<h2>We wait for you</h2>\n${rowsHtml('We wait for you', waitTable(waitingForYou))}`}
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

const head = `<meta name="robots" content="noindex">
<meta name="referrer" content="same-origin">`;

function page(title: string, body: string): Page {
  return { html: pageHtml({ title, head, style, body }), policy };
}

function section(project: StatusProject): string {
  const { name, message, waitingForYou, nextSteps, milestones, changeRequests } = project;
  const tableOf = (heading: string, rows: Rows): string =>
    rows.rows.length === 0 ? '' : `<h3>${heading}</h3>\n${rowsHtml(`${heading}: ${name}`, rows)}`;
  return `<section>
<h2>${escapeHtml(name)}</h2>
${message ? messageHtml(message) : ''}
${tableOf('We wait for you', waitTable(waitingForYou))}
${tableOf('Next', { head: ['What', 'Expected'], rows: nextSteps.map(({ what, on }) => [what, on ?? '']) })}
${tableOf('Milestones', milestoneTable(milestones))}
${tableOf('Changes', changeTable(changeRequests))}
</section>`;
}

function messageHtml({ text, on, nextStep, nextStepOn }: StatusMessage): string {
  const next = nextStep === null ? '' : ` Next: ${nextStep}${nextStepOn === null ? '' : ` (${nextStepOn})`}.`;
  return `<p>${escapeHtml(`${text}${next}`)} <small>We said this on ${escapeHtml(on)}.</small></p>`;
}

function waitTable(waits: readonly StatusWait[]): Rows {
  return {
    head: ['What', 'Price', 'Since', 'Valid until'],
    rows: waits.map(({ what, price, since, validUntil }) => [what, priceText(price), since ?? '', validUntil ?? '']),
    numbers: ['Price'],
  };
}

function milestoneTable(milestones: readonly StatusMilestone[]): Rows {
  return {
    head: ['Milestone', 'State', 'Agreed', 'Expected', 'Reached'],
    rows: milestones.map(({ name, state, due, forecast, achievedOn }) => [
      name,
      milestoneWords[state],
      due ?? '',
      forecast ?? '',
      achievedOn ?? '',
    ]),
  };
}

function changeTable(changes: readonly StatusChange[]): Rows {
  return {
    head: ['Change', 'State', 'Price', 'Offered', 'Decided'],
    rows: changes.map(({ title, state, quote, decidedOn }) => [
      title,
      changeWords[state],
      priceText(quote?.price ?? null),
      quote?.quotedOn ?? '',
      decidedOn ?? '',
    ]),
    numbers: ['Price'],
  };
}

function priceText(price: MoneyValue | null): string {
  return price ? moneyText(price) : '';
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
