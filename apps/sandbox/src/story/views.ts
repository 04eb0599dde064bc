import { daysFrom } from './amounts.ts';
import type { Cast, OpenDeal, Player } from './cast.ts';
import type { Teller } from './teller.ts';

interface Point {
  title: string;
  category?: string;
  severity?: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  /** Days from today. */
  due?: number;
  isOwned?: boolean;
}

interface View {
  text: string;
  confidence?: string;
  next?: readonly [text: string, days: number];
  obstacles?: readonly Point[];
  needs?: readonly Point[];
  help?: string;
}

/** How one deal is seen; whoever says nothing of it is left out. */
interface Sides {
  SELLER: View;
  CLIENT?: View;
  OPERATIONS?: View;
}

/** Of open deals; the first three are those of the offers. */
const ofDeals: readonly Sides[] = [
  {
    SELLER: {
      text: 'They want it before their audit; only the new CFO has to agree.',
      confidence: '0.8',
      next: ['Show the CFO the business case', 6],
      obstacles: [
        { title: 'The new CFO has stopped all spending', category: 'budget', severity: 'HIGH', due: -4, isOwned: true },
      ],
      help: 'An hour of our managing partner with their CFO.',
    },
    CLIENT: { text: 'We like it, and it is not in this year’s budget.', confidence: '0.4' },
    OPERATIONS: { text: 'Feasible if the start holds; in January everybody is booked.', confidence: '0.6' },
  },
  {
    SELLER: { text: 'Eight per cent less and they sign on Friday.', confidence: '0.9', next: ['Signature', 5] },
    OPERATIONS: { text: 'At that price only with people whom we have not hired yet.', confidence: '0.3' },
  },
  {
    SELLER: {
      text: 'Procurement plays us off against the cheapest bidder.',
      confidence: '0.5',
      next: ['Call head of procurement', 3],
      needs: [{ title: 'A reference customer in their industry', severity: 'MEDIUM' }],
    },
    CLIENT: { text: 'Your price is the highest of three.', confidence: '0.3' },
  },
  {
    SELLER: {
      text: 'Legal has our draft. No news is good news.',
      confidence: '0.7',
      next: ['Ask for their remarks', 8],
    },
  },
  {
    SELLER: {
      text: 'The sponsor is leaving, which nobody there knows yet.',
      confidence: '0.2',
      obstacles: [
        {
          title: 'No sponsor after the end of the month',
          category: 'people',
          severity: 'CRITICAL',
          due: 12,
          isOwned: true,
        },
      ],
    },
  },
  {
    SELLER: { text: 'Workshop went well, they ask for dates.', confidence: '0.6', next: ['Offer three dates', 2] },
    CLIENT: { text: 'Convincing. When could you begin?', confidence: '0.7' },
    OPERATIONS: { text: 'Not before March.', confidence: '0.5' },
  },
  {
    SELLER: {
      text: 'Waiting for their security questionnaire, 240 questions.',
      confidence: '0.5',
      needs: [
        { title: 'Security questionnaire answered', category: 'security', severity: 'HIGH', due: -2, isOwned: true },
      ],
    },
  },
  { SELLER: { text: 'I would not bet on it.', confidence: '0.3', next: ['Ask whether there is a budget at all', 4] } },
  { SELLER: { text: 'The board decides in two weeks.', confidence: '0.6', next: ['Board meeting', 14] } },
  {
    SELLER: {
      text: 'They compare us with doing it themselves.',
      confidence: '0.4',
      needs: [{ title: 'What it costs them to do it themselves', due: 9, isOwned: true }],
    },
    CLIENT: { text: 'Our own developers say three months.', confidence: '0.5' },
  },
  {
    SELLER: {
      text: 'Small, quick, and a door to the rest of the group.',
      confidence: '0.8',
      next: ['Send the contract', 1],
    },
  },
  { SELLER: { text: 'Gone quiet since the summer.', confidence: '0.2' } },
];

/** Of projects under way, by code; the first is of the one that the client with a token looks at. */
const ofProjects: readonly View[] = [
  {
    text: 'On time on paper. The migration has been tried once and failed, and they have not asked.',
    confidence: '0.6',
    next: ['Second trial of the migration', 10],
    obstacles: [
      { title: 'Their data are worse than they told us', category: 'data', severity: 'HIGH', due: 15, isOwned: true },
    ],
  },
  { text: 'Design signed off. Nothing to report.', confidence: '0.9' },
  {
    text: 'Two people short since the first of the month, and the date stands.',
    confidence: '0.5',
    obstacles: [
      {
        title: 'Nobody for the interface to the warehouse',
        category: 'people',
        severity: 'MEDIUM',
        due: -6,
        isOwned: true,
      },
    ],
  },
  {
    text: 'They have not accepted the last milestone, and give no reason.',
    confidence: '0.6',
    next: ['Meet their project lead', 4],
  },
  { text: 'Ahead of plan.', confidence: '0.9' },
];

/** What was said of the project that a client looks at, and of deals; no client may ever read it. */
export const saidInCheckIns: readonly string[] = [
  ...ofDeals.flatMap(({ SELLER, OPERATIONS }) => [SELLER.text, ...(OPERATIONS ? [OPERATIONS.text] : [])]),
  ...ofProjects.flatMap(({ text, obstacles = [] }) => [text, ...obstacles.map(({ title }) => title)]),
];

/** A round of check-ins: sellers and those who lead projects say how they see it. */
export async function tellViews(teller: Teller, cast: Cast, today: string): Promise<void> {
  for (const [index, sides] of ofDeals.entries()) {
    const deal = cast.deals[index];
    if (deal) await tellSides(teller, { deal, sides, operations: cast.managers[index % cast.managers.length], today });
  }
  const projects = [cast.delivery, ...cast.projects];
  for (const [index, view] of ofProjects.entries()) {
    const project = projects[index];
    if (project)
      await checkIn(teller, `project ${index + 1}`, {
        subject: project.id,
        by: project.manager,
        perspective: 'OPERATIONS',
        view,
        today,
      });
  }
}

async function tellSides(
  teller: Teller,
  { deal, sides, operations, today }: { deal: OpenDeal; sides: Sides; operations: Player | undefined; today: string },
): Promise<void> {
  const speakers = { SELLER: deal.seller, CLIENT: deal.seller, OPERATIONS: operations };
  for (const perspective of ['SELLER', 'CLIENT', 'OPERATIONS'] as const) {
    const [view, by] = [sides[perspective], speakers[perspective]];
    if (view && by)
      await checkIn(teller, `${perspective} of ${deal.id}`, { subject: deal.id, by, perspective, view, today });
  }
}

interface CheckIn {
  subject: string;
  by: Player;
  perspective: keyof Sides;
  view: View;
  today: string;
}

async function checkIn(
  teller: Teller,
  name: string,
  { subject, by, perspective, view, today }: CheckIn,
): Promise<void> {
  const { text, confidence, next, obstacles = [], needs = [], help } = view;
  const points = (given: readonly Point[]) =>
    given.map(({ due, isOwned, ...point }) => ({
      ...point,
      ...(due === undefined ? {} : { due: daysFrom(today, due) }),
      ...(isOwned ? { owner: by.id } : {}),
    }));
  await teller.take(by.email, 'checkIn', `check-in, ${name}`, {
    subject,
    perspective,
    text,
    confidence,
    ...(next ? { nextStep: { text: next[0], date: daysFrom(today, next[1]) } } : {}),
    obstacles: points(obstacles),
    needsToClose: points(needs),
    helpWanted: help,
    // Of yesterday morning: what is said today may still be to come, somewhere.
    asOf: `${daysFrom(today, -1)}T09:00:00Z`,
  });
}
