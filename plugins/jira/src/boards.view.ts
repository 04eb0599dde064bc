import { field, viewItems } from '@plumbline/connector';
import type { Board } from './boards.ts';
import { readInstant } from './jira-time.ts';

/** What a project shows of Jira Software. */
export const boardFields = {
  boards: viewItems({
    item: 'board',
    description: 'Boards that belong to it; null where the account does not see any board of the site.',
    fields: {
      id: field.text('Jira’s id.'),
      name: field.text('What it is called.'),
      type: field.text('"scrum", "kanban" or "simple", which is a board of a team-managed project.'),
      url: field.text('Where people open it.'),
    },
  }),
  sprints: viewItems({
    item: 'sprint',
    description: 'Sprints of its boards that run or are planned; null like the boards.',
    fields: {
      id: field.text('Jira’s id.'),
      name: field.text('What it is called.'),
      state: field.text('"active" or "future".'),
      start: field.instant('When it began or is to begin; null while nobody has said.'),
      end: field.instant('When it is to end; null while nobody has said.'),
      goal: field.text('What it is for; null for none.'),
      board: field.text('Id of the board it is planned on.'),
    },
  }),
};

interface WithBoards {
  key: string;
  boards?: readonly Board[] | null | undefined;
}

export function shownBoards({ key, boards }: WithBoards, site: string) {
  return {
    boards: boards?.map((board) => shownBoard(board, `${site}/jira/software`, key)) ?? null,
    sprints: boards?.flatMap((board) => shownSprints(board)) ?? null,
  };
}

/** A team-managed project's board has another address. */
function shownBoard({ id, name, type }: Board, software: string, key: string) {
  const within = type === 'simple' ? `projects/${key}` : `c/projects/${key}`;
  return { id: String(id), name, type, url: `${software}/${within}/boards/${id}` };
}

/** A sprint that several boards show is planned on one. */
function shownSprints({ id: board, sprints }: Board) {
  return sprints
    .filter(({ originBoardId }) => originBoardId === undefined || originBoardId === board)
    .map(({ id, name, state, startDate, endDate, goal }) => ({
      id: String(id),
      name,
      state,
      start: readInstant(startDate)?.toString() ?? null,
      end: readInstant(endDate)?.toString() ?? null,
      goal: goal === undefined || goal === '' ? null : goal,
      board: String(board),
    }));
}
