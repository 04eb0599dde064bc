import type { Console } from '../console.ts';
import { createJsonView } from './json-view.ts';
import { createPlainView } from './plain-view.ts';
import type { Plan, ProgressView, Stopwatch } from './view.ts';

export { createPlainView } from './plain-view.ts';
export { type Plan, type ProgressView } from './view.ts';

/** The view that fits where the output goes. */
export async function createView(
  console: Console,
  plan: Plan,
  now: Stopwatch = () => performance.now(),
): Promise<ProgressView> {
  if (console.json) return createJsonView(console);
  if (!console.interactive) return createPlainView({ console, now });
  const { createListView } = await import('./list-view.ts');
  return createListView(plan, now);
}
