import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { inTurn } from '../kernel/in-turn.ts';
import { projectsAtOnce } from '../reports/facts-of-many.store.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import { readDealFacts } from './deal-facts.store.ts';
import { dealQuestions } from './deal-questions.rules.ts';
import { readProjectQuestionFacts } from './project-question-facts.store.ts';
import { projectQuestions } from './project-questions.rules.ts';
import { inOrder, type Question } from './question.rules.ts';
import type { QuestionsAsked } from './questions-asked.ts';

/**
 * The questions about opportunities and projects, the gravest first: in nine statements for all opportunities, and ten for
 * every hundred projects. `rows` and `now` are a standpoint for figures of work.
 */
export async function readQuestions(
  rows: Rows,
  input: QuestionsAsked & { opportunityIds: readonly string[]; projectIds: readonly string[] },
): Promise<Question[]> {
  const { opportunityIds, projectIds, now, settings } = input;
  const asking = { now, settings: settings.checkIns };
  const [deals, projects] = await Promise.all([
    opportunityIds.length === 0 ? [] : readDealFacts(rows, opportunityIds, input),
    inTurn(projectIds, projectsAtOnce(null), (some) => readProjectQuestionFacts(rows, some, input)),
  ]);
  return inOrder([
    ...deals.flatMap((deal) => dealQuestions(deal, asking)),
    ...projects.flatMap((project) => projectQuestions(project, asking)),
  ]);
}

/** Open opportunities and projects under way of a seller or manager, of a client, or all; at most so many of each and one more. */
export async function findSubjects(
  rows: Rows,
  { ownerId, clientId, most }: { ownerId: string | null; clientId: string | null; most: number },
): Promise<{ opportunityIds: string[]; projectIds: string[] }> {
  const { rows: deals } = await sql<{ id: string }>`
    select id from opportunity where deleted_at is null and ${isOpen}
      and (${ownerId}::uuid is null or owner_id = ${ownerId}::uuid) and (${clientId}::uuid is null or client_id = ${clientId}::uuid)
    order by id limit ${most + 1}`.execute(rows);
  const { rows: projects } = await sql<{ id: string }>`
    select id from project where deleted_at is null and status in ('ACTIVE', 'ON_HOLD')
      and (${ownerId}::uuid is null or manager_id = ${ownerId}::uuid) and (${clientId}::uuid is null or client_id = ${clientId}::uuid)
    order by id limit ${most + 1}`.execute(rows);
  return { opportunityIds: deals.map(({ id }) => id), projectIds: projects.map(({ id }) => id) };
}
