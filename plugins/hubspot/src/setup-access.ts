import { answerTo, type SetupAnswers, type SetupQuestion } from '@plumbline/connector';
import { configSchema } from './config.ts';

/** All of them read; HubSpot wants the same here as on the app's page. */
const SCOPES = [
  'oauth',
  'crm.objects.deals.read',
  'crm.objects.companies.read',
  'crm.objects.line_items.read',
  'crm.objects.owners.read',
  'crm.schemas.deals.read',
];
const OPTIONAL_SCOPES = ['crm.schemas.companies.read', 'crm.schemas.line_items.read'];

const isApp = (answers: SetupAnswers): boolean => answerTo(answers, 'access') === 'app';

export function usualAddress(): string {
  return configSchema.parse({}).address;
}

/** By what a portal is opened. */
export const accessQuestions: readonly SetupQuestion[] = [
  {
    name: 'access',
    asks: 'How is the portal opened?',
    kind: 'one',
    options: [
      { value: 'token', label: 'By the access token of a private app', hint: 'quickest' },
      { value: 'app', label: 'As an OAuth app' },
    ],
    proposal: 'token',
  },
  {
    name: 'accessToken',
    asks: 'Access token of a private app (in HubSpot: Settings, Integrations, Private apps)',
    kind: 'secret',
    when: (answers) => !isApp(answers),
  },
  {
    name: 'clientId',
    asks: 'Client id of the app (its page, Auth; its redirect URL is http://localhost:8712/callback)',
    kind: 'text',
    when: isApp,
  },
  { name: 'clientSecret', asks: 'Client secret of the app', kind: 'secret', when: isApp },
  { name: 'refreshToken', asks: 'Let the app into HubSpot', kind: 'sign-in', when: isApp, signInAt },
];

export function secretsOf(answers: SetupAnswers): Readonly<Record<string, unknown>> {
  if (!isApp(answers)) return { accessToken: answers['accessToken'] };
  const { clientId, clientSecret, refreshToken } = answers;
  return { clientId, clientSecret, refreshToken };
}

function signInAt(answers: SetupAnswers, { redirectUri, state }: { redirectUri: string; state: string }): string {
  const api = answerTo(answers, 'address') ?? usualAddress();
  const address = new URL('/oauth/authorize', api === usualAddress() ? 'https://app.hubspot.com' : api);
  address.search = new URLSearchParams({
    client_id: answerTo(answers, 'clientId') ?? '',
    scope: SCOPES.join(' '),
    optional_scope: OPTIONAL_SCOPES.join(' '),
    redirect_uri: redirectUri,
    state,
  }).toString();
  return address.href;
}
