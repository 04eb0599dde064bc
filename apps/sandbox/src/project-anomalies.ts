import { closeDay, dealAmount, isOpen } from './deal-anomalies.ts';
import { dateText } from './days.ts';
import { amountText, type Currency } from './money.ts';
import { changeRequestNamed, clientNamed, clientRowNamed, dealNamed, personNamed, projectNamed } from './names.ts';
import type { ChangeRequest, Client, Deal, Division, Project } from './plan.ts';
import type { Anomaly } from './truth-types.ts';
import { agreedStates } from './vocabulary.ts';

/** What the rules find where deals, projects, change requests and clients meet. */
export function projectAnomalies({ projects, clients, changeRequests, deals }: Division): Anomaly[] {
  const ofProject = Map.groupBy(changeRequests, ({ project }) => project);
  const ordered = new Set(deals.map(({ changeRequestKey }) => changeRequestKey));
  return [
    ...projects.filter(({ quirk }) => quirk !== 'likely').flatMap(againstDeals),
    ...projects.flatMap(byItself),
    ...projects.flatMap((project) => smallChanges(project, ofProject.get(project) ?? [])),
    ...changeRequests.flatMap((request) => unordered(request, ordered)),
    ...clients.flatMap(knownOtherwise),
  ];
}

function againstDeals(project: Project): Anomaly[] {
  const subject = projectNamed(project);
  const { contract, contractValue, currency, status, start } = project;
  const found = contract.flatMap((deal): Anomaly[] => {
    const others = [dealNamed(deal)];
    const state = { state: deal.state };
    return [
      ...(status === 'ACTIVE' && isOpen(deal) ? [{ rule: 'R02', subject, others, figures: state } as const] : []),
      ...(status === 'ACTIVE' && deal.state === 'LOST'
        ? [{ rule: 'R03', subject, others, figures: state } as const]
        : []),
      ...(deal.currency === currency
        ? []
        : [{ rule: 'R05', subject, others, figures: { deal: deal.currency, project: currency } } as const]),
      ...(start < closeDay(deal)
        ? [
            {
              rule: 'R06',
              subject,
              others,
              figures: { start: dateText(start), closeDate: dateText(closeDay(deal)) },
            } as const,
          ]
        : []),
    ];
  });
  const [only] = contract;
  if (contract.length === 1 && only && differs(only, contractValue, currency)) {
    const figures = {
      dealAmount: amountText(dealAmount(only), currency),
      contractValue: amountText(contractValue, currency),
      difference: amountText(dealAmount(only) - contractValue, currency),
      currency,
    };
    found.push({ rule: 'R04', subject, others: [dealNamed(only)], figures });
  }
  const won = contract.filter(({ state }) => state === 'WON');
  if (won.length > 1) found.push({ rule: 'R34', subject, others: won.map(dealNamed), figures: { deals: won.length } });
  return found;
}

function differs(deal: Deal, contractValue: number, currency: Currency): boolean {
  return deal.currency === currency && Math.abs(dealAmount(deal) - contractValue) > Math.max(contractValue / 100, 100);
}

function byItself(project: Project): Anomaly[] {
  const { status, manager, estimatedHours, plannedHours, client, jiraId } = project;
  const subject = projectNamed(project);
  const found: Anomaly[] = [];
  if (status === 'ACTIVE' && manager.leftOn !== null) {
    found.push({ rule: 'R19', subject, others: [personNamed(manager)], figures: { leftOn: dateText(manager.leftOn) } });
  }
  if (client && jiraId && estimatedHours > plannedHours * 1.1) {
    found.push({ rule: 'R25', subject, others: [], figures: { estimatedHours, soldHours: plannedHours } });
  }
  return found;
}

function smallChanges(project: Project, requests: readonly ChangeRequest[]): Anomaly[] {
  const small = requests.filter(({ price }) => price !== null && price > 0 && price < 2_500);
  const submitted = small.map(({ path }) => path[0]?.on ?? 0);
  const sum = small.reduce((total, { price }) => total + (price ?? 0), 0);
  if (small.length < 3 || sum <= 5_000 || Math.max(...submitted) - Math.min(...submitted) > 60) return [];
  const figures = { requests: small.length, sum: amountText(sum, project.currency), currency: project.currency };
  return [{ rule: 'R35', subject: projectNamed(project), others: small.map(changeRequestNamed), figures }];
}

function unordered(request: ChangeRequest, ordered: ReadonlySet<string | null>): Anomaly[] {
  const { state, price, project, issue, registerKey } = request;
  if (!agreedStates.includes(state) || price === null || price === 0) return [];
  if (ordered.has(registerKey ?? issue?.key ?? '')) return [];
  const figures = { price: amountText(price, project.currency), currency: project.currency };
  return [{ rule: 'R09', subject: changeRequestNamed(request), others: [projectNamed(project)], figures }];
}

function knownOtherwise(client: Client): Anomaly[] {
  const { name, domain, listed } = client;
  if (!listed || (listed.name === name && listed.domain === domain)) return [];
  const figures = { hubspot: `${name} (${domain})`, sheet: `${listed.name} (${listed.domain})` };
  return [{ rule: 'R20', subject: clientNamed(client), others: [clientRowNamed(client)], figures }];
}
