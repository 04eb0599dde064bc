import { answerTo, type SetupAnswers, type SetupDefinition, type SetupMapping } from '@plumbline/connector';
import type { GoogleSheetsConfig, GoogleSheetsConfigInput } from './config.ts';
import { openGoogle, type Google } from './google.ts';
import { configureTab } from './setup-config.ts';
import { tabQuestions, type SurveyedTab } from './setup-questions.ts';
import type { GoogleSheetsSecrets } from './secrets.ts';
import { headerTexts, likelyHeaderRow, readTops } from './tab-tops.ts';

interface SurveyedSpreadsheet {
  id: string;
  tabs: readonly SurveyedTab[];
}

/** How spreadsheets are connected. */
export const setup: SetupDefinition<GoogleSheetsConfig, GoogleSheetsSecrets> = {
  imports: { package: '@plumbline/google-sheets', connector: 'googleSheets', configType: 'GoogleSheetsConfigInput' },
  account: [
    { name: 'keyFile', asks: 'Path of the service account’s JSON key file', kind: 'file' },
    {
      name: 'spreadsheets',
      asks: 'Addresses of the spreadsheets, separated by blanks; share each with the service account first',
      kind: 'text',
      wrong: (answer) =>
        idsIn(answer).length > 0 ? null : 'That is no spreadsheet; its address has its id between /d/ and /edit.',
    },
    { name: 'rootUrl', asks: 'Another origin for both Google APIs', kind: 'text', proposal: null, expert: true },
    {
      name: 'requestsPerMinute',
      asks: 'Read requests a minute that Google grants this account',
      kind: 'text',
      proposal: '60',
      expert: true,
      wrong: (answer) => (/^\d+$/.test(answer) ? null : 'A number of requests is wanted, such as 60.'),
    },
  ],
  open: (answers) => ({
    config: { ...accountOf(answers), spreadsheets: spreadsheetsOf(answers) },
    secrets: answers['keyFile'],
  }),
  async explore(context, answers) {
    const google = openGoogle(context);
    const spreadsheets: SurveyedSpreadsheet[] = [];
    for (const { id } of context.config.spreadsheets) spreadsheets.push(await survey(google, id, spreadsheets));
    return mappingOf(spreadsheets, answers);
  },
  preview: ({ spreadsheets }) => spreadsheets.flatMap(({ tabs }) => tabs.map(({ name }) => name)),
};

function mappingOf(spreadsheets: readonly SurveyedSpreadsheet[], account: SetupAnswers): SetupMapping {
  const tabs = spreadsheets.flatMap((spreadsheet) => spreadsheet.tabs);
  return {
    questions: (answers) => tabs.flatMap((tab) => tabQuestions(tab, tabs, answers)),
    configure: (answers): GoogleSheetsConfigInput => ({
      ...accountOf(account),
      spreadsheets: spreadsheets.flatMap(({ id, tabs: own }) => {
        const read = own.flatMap((tab) => configureTab(tab, answers) ?? []);
        return read.length === 0 ? [] : [{ id, tabs: read }];
      }),
    }),
  };
}

function accountOf(answers: SetupAnswers): Pick<GoogleSheetsConfigInput, 'rootUrl' | 'requestsPerMinute'> {
  const rootUrl = answerTo(answers, 'rootUrl');
  const requests = answerTo(answers, 'requestsPerMinute') ?? '60';
  return {
    ...(rootUrl === null ? {} : { rootUrl }),
    ...(requests === '60' ? {} : { requestsPerMinute: Number(requests) }),
  };
}

function spreadsheetsOf(answers: SetupAnswers): { id: string; tabs: [] }[] {
  return idsIn(answerTo(answers, 'spreadsheets') ?? '').map((id) => ({ id, tabs: [] }));
}

/** Ids, also out of whole addresses. */
function idsIn(answer: string): string[] {
  const ids = answer
    .split(/[\s,;]+/)
    .flatMap((part) => /\/d\/([\w-]+)/.exec(part)?.[1] ?? (/^[\w-]+$/.test(part) ? part : []));
  return [...new Set(ids)];
}

async function survey(
  google: Google,
  id: string,
  before: readonly SurveyedSpreadsheet[],
): Promise<SurveyedSpreadsheet> {
  const shape = await google.shape(id);
  const taken = before.flatMap(({ tabs }) => tabs.map(({ name }) => name));
  const tabs = (await readTops(google, id, shape.tabs)).flatMap(({ tab, rows }): SurveyedTab[] => {
    const headers = headerTexts(rows[likelyHeaderRow({ rows })] ?? []);
    if (headers.length === 0) return [];
    const name = nameOf(tab.title, taken);
    taken.push(name);
    return [{ name, title: tab.title, sheetId: tab.sheetId, spreadsheet: shape.title, headers }];
  });
  return { id, tabs };
}

/** A name for the stream, which stays when the tab is renamed. */
function nameOf(title: string, taken: readonly string[]): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  const wanted =
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'tab';
  for (let count = 2; ; count += 1) {
    const name = count === 2 && !taken.includes(wanted) ? wanted : `${wanted}-${count}`;
    if (!taken.includes(name)) return name;
  }
}
