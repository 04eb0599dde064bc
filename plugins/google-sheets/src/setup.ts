import {
  configureTable,
  freeName,
  headerTexts,
  likelyHeaderRow,
  tableQuestions,
  type SurveyedTable,
} from '@plumbline/table';
import { answerTo, type SetupAnswers, type SetupDefinition, type SetupMapping } from '@plumbline/connector';
import type { GoogleSheetsConfig, GoogleSheetsConfigInput } from './config.ts';
import { openGoogle, type Google } from './google.ts';
import type { GoogleSheetsSecrets } from './secrets.ts';
import { readTops } from './tab-tops.ts';

type SurveyedTab = SurveyedTable & { sheetId: number };

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
    questions: (answers) => tabs.flatMap((tab) => tableQuestions(tab, tabs, answers)),
    configure: (answers): GoogleSheetsConfigInput => ({
      ...accountOf(account),
      spreadsheets: spreadsheets.flatMap(({ id, tabs: own }) => {
        const read = own.flatMap((tab) => {
          const mapped = configureTable(tab, answers);
          // The number survives renaming the tab.
          return mapped ? [{ name: tab.name, sheetId: tab.sheetId, ...mapped }] : [];
        });
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
    const headers = headerTexts(rows[likelyHeaderRow(rows)] ?? []);
    if (headers.length === 0) return [];
    const name = freeName(tab.title, { taken, otherwise: 'tab' });
    taken.push(name);
    const place = `tab "${tab.title}" of "${shape.title}"`;
    return [{ name, title: tab.title, sheetId: tab.sheetId, place, word: 'tab', headers }];
  });
  return { id, tabs };
}
