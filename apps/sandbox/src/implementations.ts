import { addBusinessDays, type Day } from './days.ts';
import type { ChangeRequest } from './plan.ts';
import type { ProjectSetting } from './work.ts';
import { windowOf } from './worklogs.ts';

/** Work on a change request. */
export interface Implementation {
  request: ChangeRequest;
  /** Whether it has an issue of its own that links to the request; else time is logged on the request. */
  separate: boolean;
  /** When it is worked on; none while it waits. */
  windows: readonly { from: Day; to: Day }[];
  /** In each window. */
  hours: number;
  finishedOn: Day | null;
}

/** The work that a project's change requests have led to: after the client agreed, but for what is planted. */
export function implementationsOf({ requests, closed }: ProjectSetting): Implementation[] {
  return requests.flatMap((request): Implementation[] => {
    const { quirk, state, number } = request;
    const hours = Math.min(40, Math.max(4, Math.round((request.effortHours ?? 0) * 0.6)));
    if (quirk === 'R10' || quirk === 'R14' || quirk === 'R16') {
      return [
        {
          request,
          separate: true,
          windows: plantedWindows(request, closed),
          hours: Math.min(hours, 24),
          finishedOn: null,
        },
      ];
    }
    const begun = on(request, 'IMPLEMENTING');
    const finished = on(request, 'IMPLEMENTED');
    if (begun === null) {
      return state === 'APPROVED' && number % 2 === 0
        ? [{ request, separate: true, windows: [], hours, finishedOn: null }]
        : [];
    }
    const window = windowOf(begun + 1, (finished ?? closed) - 1);
    const common = { request, windows: [window], finishedOn: finished };
    if (number % 3 === 0) return [{ ...common, separate: false, hours }];
    const parts = number % 3;
    return Array.from({ length: parts }, () => ({ ...common, separate: true, hours: hours / parts }));
  });
}

function plantedWindows(request: ChangeRequest, closed: Day): { from: Day; to: Day }[] {
  const submitted = request.path[0]?.on ?? closed;
  const begun = on(request, 'IMPLEMENTING');
  const afterwards = begun === null ? [] : [windowOf(begun + 1, closed - 1)];
  if (request.quirk === 'R16') return [windowOf(submitted - 16, submitted - 2), ...afterwards];
  if (request.quirk === 'R14') {
    const rejected = on(request, 'REJECTED') ?? submitted;
    return [windowOf(rejected + 1, Math.min(closed - 1, addBusinessDays(rejected, 12)))];
  }
  const agreed = request.approvedOn;
  return [
    windowOf(submitted + 1, agreed === null ? Math.min(closed - 1, addBusinessDays(submitted, 12)) : agreed - 2),
    ...afterwards,
  ];
}

function on(request: ChangeRequest, state: ChangeRequest['state']): Day | null {
  return request.path.find((step) => step.state === state)?.on ?? null;
}
