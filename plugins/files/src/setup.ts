import {
  answerTo,
  HubError,
  type SetupAnswers,
  type SetupDefinition,
  type SetupMapping,
  type SetupQuestion,
} from '@plumbline/connector';
import { configureTable, kindOf, tableQuestions } from '@plumbline/table';
import { isAbsolute } from 'node:path';
import type { FilesConfig, FilesConfigInput } from './config.ts';
import { openFolder } from './folder.ts';
import { surveyFolder, type SurveyedFile } from './setup-survey.ts';
import type { FilesSecrets } from './table-stream.ts';

type TableInput = FilesConfigInput['tables'][number];

/** How a folder with exports is connected. */
export const setup: SetupDefinition<FilesConfig, FilesSecrets> = {
  imports: { package: '@plumbline/files', connector: 'files', configType: 'FilesConfigInput' },
  account: [
    {
      name: 'folder',
      asks: 'The folder that the exports are put into, as an absolute path',
      kind: 'text',
      wrong: (answer) => (isAbsolute(answer) ? null : 'An absolute path is wanted, such as /srv/exports.'),
    },
  ],
  open: (answers) => ({ config: { folder: answerTo(answers, 'folder') ?? '', tables: [] }, secrets: {} }),
  async explore({ config, signal }) {
    const folder = await openFolder(config);
    const found = await surveyFolder(folder, signal);
    if (found.length > 0) return mappingOf(config.folder, found);
    throw new HubError({
      code: 'NOT_FOUND',
      message: `There is no file of CSV or JSON with columns in ${folder.root}.`,
      remedy: 'Let the other system export into it first.',
    });
  },
  preview: ({ tables }) => tables.map(({ name }) => name),
};

function mappingOf(folder: string, found: readonly SurveyedFile[]): SetupMapping {
  return {
    questions: (answers) =>
      found.flatMap((file) => [...tableQuestions(file, found, answers), ...decimalQuestion(file, answers)]),
    configure: (answers): FilesConfigInput => ({
      folder,
      tables: found.flatMap((file) => {
        const mapped = configureTable(file, answers);
        return mapped ? [{ ...readingOf(file, answers), ...mapped } as TableInput] : [];
      }),
    }),
  };
}

/** In CSV every number is a text. */
function decimalQuestion(file: SurveyedFile, answers: SetupAnswers): SetupQuestion[] {
  if (file.form !== 'csv' || kindOf(file, answers) === null) return [];
  return [
    {
      name: decimalName(file),
      asks: `What stands before the decimals in the ${file.place}?`,
      kind: 'one',
      options: [
        { value: '.', label: 'a point' },
        { value: ',', label: 'a comma' },
      ],
      // Where values are separated by semicolons, the comma is taken.
      proposal: file.delimiter === ';' ? ',' : '.',
    },
  ];
}

function readingOf(file: SurveyedFile, answers: SetupAnswers): Partial<TableInput> {
  const { name, files, encoding, delimiter, path } = file;
  const decimalSeparator = answerTo(answers, decimalName(file)) === ',' ? ',' : undefined;
  const given = Object.entries({ encoding, delimiter, path, decimalSeparator }).filter(
    ([, value]) => value !== undefined,
  );
  return { name, files, ...Object.fromEntries(given) };
}

function decimalName({ name }: SurveyedFile): string {
  return `tables.${name}.decimalSeparator`;
}
