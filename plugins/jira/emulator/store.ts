import { createIssueControls } from './issue-controls.ts';
import type { JiraProject } from './seed.ts';
import { createState, indexed, wanted, type JiraControls, type JiraState, type StateOptions } from './state.ts';
import { createWorklogControls } from './worklog-controls.ts';

/** A site with everything that can be done to it. */
export type JiraStore = JiraState & JiraControls;

export function createStore(options: StateOptions): JiraStore {
  const state = createState(options);
  return {
    ...state,
    load(data) {
      for (const project of data.projects ?? []) state.projects.set(project.id, project);
      for (const issue of data.issues ?? []) {
        state.issues.put(issue);
        state.counters.note(issue);
        state.links.note(issue);
      }
      state.search.addAll((data.issues ?? []).map(indexed));
      state.worklogs.putAll(data.worklogs ?? []);
    },
    updateProject(id, patch) {
      const project = { ...wanted(state.projects.get(id), 'project', id), ...(patch as Partial<JiraProject>) };
      state.projects.set(id, project);
      state.tell('project_updated', { project });
      return project;
    },
    updateStatus(id, patch) {
      const { site } = state;
      const status = wanted(
        site.statuses.find((each) => each.id === id),
        'status',
        id,
      );
      site.statuses = site.statuses.map((each) =>
        each === status ? { ...each, ...(patch as Partial<typeof each>) } : each,
      );
    },
    ...createIssueControls(state),
    ...createWorklogControls(state),
  };
}
