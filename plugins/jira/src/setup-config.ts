import {
  answersTo,
  answerTo,
  changeRequestStates,
  memberNames,
  riskStatuses,
  type SetupAnswers,
} from '@plumbline/connector';
import type { CurrencySource, JiraConfigInput, MoneyField } from './config.ts';
import { usualPlaces } from './oauth.ts';
import { isApp } from './setup-access.ts';
import { stateCalled, type SiteFound } from './setup-questions.ts';

/** The configuration that follows from all answers, without what is as by default. */
export function configureSite(site: SiteFound, answers: SetupAnswers): JiraConfigInput {
  const projects = answersTo(answers, 'projects');
  const points = answersTo(answers, 'workItems.points');
  const along = customFields(site, answers);
  const opportunities = opportunitiesOf(answers);
  return {
    site: answerTo(answers, 'site') ?? '',
    ...accountOf(answers),
    ...(projects.length === site.projects.length ? {} : { projects: [...projects] }),
    ...(opportunities ? { opportunities } : {}),
    ...(points.length === 0 ? {} : { workItems: { points: points.length === 1 ? points[0] : [...points] } }),
    ...part('changeRequests', changeRequestsOf(answers)),
    ...part('risks', risksOf(answers)),
    ...part('milestones', milestonesOf(answers)),
    ...(along ? { customFields: along } : {}),
  };
}

/** Whose token it is, or where an app is answered when that is not at Atlassian. */
export function accountOf(answers: SetupAnswers): Pick<JiraConfigInput, 'email' | 'oauth'> {
  if (!isApp(answers)) return { email: answerTo(answers, 'email') ?? '' };
  const [api, login] = [answerTo(answers, 'api'), answerTo(answers, 'login')];
  const oauth = {
    ...(api === null || api === usualPlaces.api ? {} : { api }),
    ...(login === null || login === usualPlaces.login ? {} : { login }),
  };
  return Object.keys(oauth).length === 0 ? {} : { oauth };
}

function part<Name extends string, Value>(name: Name, value: Value | null): { [Key in Name]?: Value } {
  return (value === null ? {} : { [name]: value }) as { [Key in Name]?: Value };
}

function opportunitiesOf(answers: SetupAnswers): JiraConfigInput['opportunities'] | null {
  const property = answerTo(answers, 'opportunities.property');
  const pattern = answerTo(answers, 'opportunities.pattern');
  if (pattern !== null) return { from: 'description', pattern };
  if (property === null) return null;
  const path = (answerTo(answers, 'opportunities.path') ?? '').split('.').filter((member) => member !== '');
  return { from: 'property', property, path };
}

function changeRequestsOf(answers: SetupAnswers): NonNullable<JiraConfigInput['changeRequests']> | null {
  const of = 'changeRequests';
  const issueTypes = answersTo(answers, `${of}.issueTypes`);
  if (issueTypes.length === 0) return null;
  const linkTypes = answersTo(answers, `${of}.linkTypes`);
  const effort = answerTo(answers, `${of}.effortDelta`);
  const unit = (['hours', 'days', 'seconds'] as const).find(
    (each) => each === answerTo(answers, `${of}.effortDelta.unit`),
  );
  return {
    issueTypes: [...issueTypes],
    ...(linkTypes.length === 0 ? {} : { linkTypes: [...linkTypes] }),
    states: statesOf(answers, { of, name: `${of}.states`, states: changeRequestStates }),
    ...money(answers, of, 'priceDelta'),
    ...money(answers, of, 'costDelta'),
    ...(effort === null ? {} : { effortDelta: { field: effort, unit: unit ?? 'hours' } }),
    ...field(answers, of, 'scheduleDeltaDays'),
    ...field(answers, of, 'origin'),
  };
}

function risksOf(answers: SetupAnswers): NonNullable<JiraConfigInput['risks']> | null {
  const of = 'risks';
  const issueTypes = answersTo(answers, `${of}.issueTypes`);
  if (issueTypes.length === 0) return null;
  const probability = answerTo(answers, `${of}.probability`);
  const scale = answerTo(answers, `${of}.probability.scale`) === 'percent' ? 'percent' : 'ratio';
  return {
    issueTypes: [...issueTypes],
    statuses: statesOf(answers, { of, name: `${of}.statuses`, states: riskStatuses }),
    ...(probability === null ? {} : { probability: { field: probability, scale } }),
    ...money(answers, of, 'impact'),
    ...field(answers, of, 'response'),
  };
}

function milestonesOf(answers: SetupAnswers): NonNullable<JiraConfigInput['milestones']> | null {
  const of = 'milestones';
  const issueTypes = answersTo(answers, `${of}.issueTypes`);
  if (issueTypes.length === 0) return null;
  return { issueTypes: [...issueTypes], ...field(answers, of, 'forecast'), ...money(answers, of, 'amount') };
}

function statesOf<State extends string>(
  answers: SetupAnswers,
  how: { of: 'changeRequests' | 'risks'; name: string; states: readonly State[] },
): Record<string, State> {
  const { of, name, states } = how;
  return Object.fromEntries(
    answersTo(answers, name).flatMap((status): [string, State][] => {
      const meant = answerTo(answers, `${name}.${status}`) ?? stateCalled(status, of);
      const state = states.find((each) => each === meant);
      return state === undefined ? [] : [[status, state]];
    }),
  );
}

function money<Member extends string>(
  answers: SetupAnswers,
  of: string,
  member: Member,
): { [Name in Member]?: MoneyField } {
  const amount = answerTo(answers, `${of}.${member}`);
  return part(member, amount === null ? null : { field: amount, currency: currencyOf(answers, of) });
}

function currencyOf(answers: SetupAnswers, of: string): CurrencySource {
  const source = answerTo(answers, `${of}.currency`) ?? 'fixed';
  return source === 'fixed' ? { fixed: answerTo(answers, `${of}.currency.fixed`) ?? '' } : { field: source };
}

function field<Member extends string>(
  answers: SetupAnswers,
  of: string,
  member: Member,
): { [Name in Member]?: string } {
  return part(member, answerTo(answers, `${of}.${member}`));
}

function customFields({ fields }: SiteFound, answers: SetupAnswers): Record<string, string> | null {
  const chosen = fields.filter(({ id }) => answersTo(answers, 'customFields').includes(id));
  if (chosen.length === 0) return null;
  return Object.fromEntries(memberNames(chosen).map(({ id, member }) => [member, id]));
}
