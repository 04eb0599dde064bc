import type { Console } from '../console.ts';
import type { ProgressView } from './view.ts';

/** Every step as one line of JSON. */
export function createJsonView(console: Console): ProgressView {
  return {
    show: (progress) => console.emit({ event: 'progress', ...progress }),
    finish: (sourceId) => console.emit({ event: 'source-read', sourceId }),
    close: async () => undefined,
  };
}
