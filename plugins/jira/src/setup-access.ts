import { answerTo, type SetupAnswers, type SetupQuestion } from '@plumbline/connector';
import { usualPlaces } from './oauth.ts';

/** What an app asks a person for: to read, to be told of changes, and to go on when they are away. */
const SCOPES = [
  'read:jira-work',
  'read:jira-user',
  'manage:jira-webhook',
  'read:board-scope:jira-software',
  'read:sprint:jira-software',
  'read:project:jira',
  'offline_access',
];

/** Whether a site is opened as an OAuth app. */
export function isApp(answers: SetupAnswers): boolean {
  return answerTo(answers, 'access') === 'app';
}

const isAccount = (answers: SetupAnswers): boolean => !isApp(answers);

/** By what a site is opened. */
export const accessQuestions: readonly SetupQuestion[] = [
  {
    name: 'access',
    asks: 'How is it opened?',
    kind: 'one',
    options: [
      { value: 'token', label: 'By an API token', hint: 'quickest' },
      { value: 'app', label: 'As an OAuth app', hint: 'registers its webhooks by itself' },
    ],
    proposal: 'token',
  },
  { name: 'email', asks: 'E-mail address of the account that reads it', kind: 'text', when: isAccount },
  { name: 'apiToken', asks: 'API token of that account (from id.atlassian.com)', kind: 'secret', when: isAccount },
  {
    name: 'clientId',
    asks: 'Client id of the app (developer.atlassian.com, Settings; its callback URL is http://localhost:8712/callback)',
    kind: 'text',
    when: isApp,
  },
  { name: 'clientSecret', asks: 'Secret of the app', kind: 'secret', when: isApp },
  { name: 'api', asks: 'Where apps are answered', kind: 'text', proposal: usualPlaces.api, expert: true, when: isApp },
  { name: 'login', asks: 'Where tokens are', kind: 'text', proposal: usualPlaces.login, expert: true, when: isApp },
  { name: 'refreshToken', asks: 'Let the app into Jira', kind: 'sign-in', when: isApp, signInAt },
];

function signInAt(answers: SetupAnswers, { redirectUri, state }: { redirectUri: string; state: string }): string {
  const address = new URL('/authorize', answerTo(answers, 'login') ?? usualPlaces.login);
  address.search = new URLSearchParams({
    audience: 'api.atlassian.com',
    client_id: answerTo(answers, 'clientId') ?? '',
    scope: SCOPES.join(' '),
    redirect_uri: redirectUri,
    state,
    response_type: 'code',
    prompt: 'consent',
  }).toString();
  return address.href;
}
