import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { EarlyWarning } from '../reports/early-warning.rules.ts';
import { readWarningFacts } from '../reports/early-warning.store.ts';
import { projectFigures } from '../reports/metrics.graphql.ts';
import { readProjectFacts } from '../reports/project-facts.store.ts';
import { basisOf } from '../reports/project-metrics.rules.ts';
import { projectWarnings } from '../reports/project-warnings.rules.ts';
import { readOpenPoints } from './open-points.store.ts';
import { readLatestViews } from './opportunity-view.store.ts';
import type { ProjectQuestionFacts } from './project-questions.rules.ts';
import type { QuestionsAsked } from './questions-asked.ts';

/** What the questions about these projects are made of, in ten statements. */
export async function readProjectQuestionFacts(
  rows: Rows,
  ids: readonly string[],
  { now, reader, settings }: QuestionsAsked,
): Promise<ProjectQuestionFacts[]> {
  const [projects, warnings, latest, points] = await Promise.all([
    readProjects(rows, ids),
    readWarnings(rows, ids, { now, settings }),
    readLatestViews(rows, ids, reader),
    readOpenPoints(rows, 'project', ids),
  ]);
  return ids.flatMap((id, index) => {
    const project = projects.get(id);
    const views = latest[index];
    if (!project || !views) return [];
    return [
      {
        id,
        status: project.status,
        manager: project.manager_id === null ? null : { hasLeft: project.manager_left ?? false },
        milestones: project.milestones,
        warnings: warnings[index] ?? [],
        latest: views,
        points: points[index] ?? [],
      },
    ];
  });
}

interface ProjectRow extends Pick<ProjectQuestionFacts, 'id' | 'status' | 'milestones'> {
  manager_id: string | null;
  manager_left: boolean | null;
}

async function readProjects(rows: Rows, ids: readonly string[]): Promise<Map<string, ProjectRow>> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<ProjectRow>`
    select project.id, project.status, project.manager_id,
      person.deleted_at is not null or person.status = 'LEFT' as manager_left, late.milestones
    from ${asked} join project on project.id = asked.id and project.deleted_at is null
    left join person on person.id = project.manager_id
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'due', due, 'forecast', forecast)
        order by forecast - due desc, id), '[]') as milestones
      from milestone where project_id = project.id and deleted_at is null and forecast > due and achieved_on is null
        and coalesce(milestone.status, 'PLANNED') in ('PLANNED', 'AT_RISK')
    ) as late`.execute(rows);
  return new Map(found.map((row) => [row.id, row]));
}

async function readWarnings(
  rows: Rows,
  projectIds: readonly string[],
  { now, settings }: Pick<QuestionsAsked, 'now' | 'settings'>,
): Promise<EarlyWarning[][]> {
  const [projects, facts] = await Promise.all([
    readProjectFacts(rows, { projectIds, now, settings }),
    readWarningFacts(rows, { projectIds, now, settings }),
  ]);
  return projectIds.map((projectId, index) => {
    const [project, own] = [projects[index], facts[index]];
    if (!project || !own) return [];
    return projectWarnings({
      projectId,
      today: project.today,
      plan: project.measured,
      metrics: projectFigures(basisOf(project), project.plan.currency),
      facts: own,
      limits: settings.warningLimits,
      settings: settings.earnedValue,
    });
  });
}
