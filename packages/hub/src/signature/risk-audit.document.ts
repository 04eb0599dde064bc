import type { MoneyValue } from '@plumbline/connector';
import type { Document } from '../kernel/document.ts';
import { spokenCode } from '../kernel/names.ts';
import type { AuditItem } from './risk-audit.rules.ts';

/** What the head of the page says. */
export interface AuditedDeal {
  name: string | null;
  client: string | null;
  owner: string | null;
  closeDate: string | null;
  amount: MoneyValue | null;
  /** The day of asking, in UTC. */
  today: string;
}

/** The audit as a document for the firm, never for the client. Pure. */
export function auditDocument(deal: AuditedDeal, items: readonly AuditItem[]): Document {
  const about: (readonly [string, string | null])[] = [
    ['Client', deal.client],
    ['Seller', deal.owner],
    ['Amount', deal.amount && roundedText(deal.amount)],
    ['Expected to close', deal.closeDate],
  ];
  return {
    title: `Before the signature: ${deal.name ?? 'a deal without a name'}`,
    blocks: [
      { kind: 'status', text: statusOf(items, deal.today) },
      { kind: 'pairs', rows: about.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const])) },
      ...(items.length === 0
        ? []
        : [
            { kind: 'heading', text: 'What is missing or risky' } as const,
            {
              kind: 'table',
              head: ['What', 'How grave', 'What it would cost', 'Rule'],
              rows: items.map(({ severity, rule, text, cost, reason }) => [
                text,
                severity.toLowerCase(),
                cost ? roundedText(cost) : (reason ?? ''),
                spokenCode(rule),
              ]),
              marks: items.map(({ severity }) => (isGrave(severity) ? 'bad' : severity === 'MEDIUM' ? 'watch' : null)),
            } as const,
            { kind: 'text', text: 'Costs overlap, so they are not added up. They are rounded here.' } as const,
          ]),
    ],
  };
}

function statusOf(items: readonly AuditItem[], today: string): string {
  if (items.length === 0) return `As of ${today}: nothing is missing, and nothing stands out.`;
  const grave = items.filter(({ severity }) => isGrave(severity)).length;
  return `As of ${today}: ${items.length === 1 ? '1 thing is' : `${items.length} things are`} missing or risky, ${grave} of them grave. For internal use.`;
}

function isGrave(severity: AuditItem['severity']): boolean {
  return severity === 'HIGH' || severity === 'CRITICAL';
}

function roundedText({ amount, currency }: MoneyValue): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(amount as Intl.StringNumericLiteral).replaceAll('\u00A0', ' ');
}
