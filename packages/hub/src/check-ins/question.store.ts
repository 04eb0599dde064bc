import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import { readDealFacts } from './deal-facts.store.ts';
import { dealQuestions } from './deal-questions.rules.ts';
import { readProjectQuestionFacts } from './project-question-facts.store.ts';
import { projectQuestions, type ProjectQuestionFacts } from './project-questions.rules.ts';
import { inOrder, type Question } from './question.rules.ts';
import type { QuestionsAsked } from './questions-asked.ts';

/**
 * The questions about opportunities and projects, the gravest first: in nine statements for all opportunities, and nine for
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
    readProjectsInTurn(rows, projectIds, input),
  ]);
  return inOrder([
    ...deals.flatMap((deal) => dealQuestions(deal, asking)),
    ...projects.flatMap((project) => projectQuestions(project, asking)),
  ]);
}

/** Their figures read all that was worked on them, and a statement has only so much time. */
const PROJECTS_AT_ONCE = 100;

async function readProjectsInTurn(
  rows: Rows,
  ids: readonly string[],
  asked: QuestionsAsked,
): Promise<ProjectQuestionFacts[]> {
  const found: ProjectQuestionFacts[] = [];
  for (let from = 0; from < ids.length; from += PROJECTS_AT_ONCE)
    found.push(...(await readProjectQuestionFacts(rows, ids.slice(from, from + PROJECTS_AT_ONCE), asked)));
  return found;
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
