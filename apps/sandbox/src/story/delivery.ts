import type { Cast, MoneyText } from './cast.ts';
import { shareOf } from './amounts.ts';
import type { Teller } from './teller.ts';

/** What was said about changes within the firm; no client may ever read it. */
export const saidOfChanges = {
  quoted: 'Their new controller wants the export to look like the spreadsheet she has. It is a day of work, honestly.',
  captured: 'Asked in the corridor; they think that it is part of the deal, and we have not contradicted yet.',
} as const;

/** Titles are shown to the client as they stand. */
const changes = {
  quoted: 'Export to the finance department’s template',
  captured: 'A second test environment',
} as const;

/** What the quoted change costs the client; the other is not priced yet. */
export function quotedPrice({ delivery }: Cast): MoneyText {
  return shareOf(delivery.deal.amount, 6);
}

/** Two changes to what was accepted: one that waits for the client, and one that nobody has taken up. */
export async function tellChanges(teller: Teller, cast: Cast): Promise<void> {
  const { controller, delivery } = cast;
  const { manager } = delivery;
  const capture = (name: keyof typeof changes) =>
    teller.take(manager.email, 'captureChangeRequest', `change: ${name}`, {
      project: delivery.id,
      title: changes[name],
      said: saidOfChanges[name],
      channel: 'steering committee',
      requester: manager.id,
    });
  const id = await capture('quoted');
  await teller.take(manager.email, 'triageChangeRequest', 'change: triaged', { id });
  await teller.take(manager.email, 'assessChangeRequest', 'change: assessed', {
    id,
    priceDelta: quotedPrice(cast),
    costDelta: shareOf(delivery.deal.amount, 3),
    effortDelta: 40 * 3_600,
    scheduleDeltaDays: 5,
  });
  await teller.take(controller.email, 'quoteChangeRequest', 'change: quoted to the client', {
    id,
    approver: controller.id,
  });
  await capture('captured');
}
