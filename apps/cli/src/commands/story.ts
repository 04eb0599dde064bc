import type { Api } from '@plumbline/hub';
import type { Told } from '@plumbline/sandbox';
import type { Installation } from '../setup/installation.ts';
import type { CommandContext } from './command.ts';

/**
 * Tells the sandbox's hub what its vendors do not know, unless it was told before. Null where there is no sandbox, and
 * where the story broke off, which is said: everything else goes on, and the next start takes it up.
 */
export async function tellSandbox(
  { console, interruption }: CommandContext,
  { sandbox }: Installation,
  api: Api,
): Promise<Told | null> {
  if (!sandbox) return null;
  const { clientToken = null, today } = sandbox.company;
  const { tellStory } = await import('@plumbline/sandbox');
  try {
    const now = Temporal.Now.instant();
    const told = await tellStory({
      fetch: (request, actor) => api.fetch(request, actor),
      today,
      now,
      token: clientToken,
    });
    if (told && told.token !== clientToken) sandbox.keepClientToken(told.token);
    return told;
  } catch (error) {
    if (interruption.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    console.warn(`The sandbox's proposals and check-ins were not told to the end (${why}). The next start goes on.`);
    return null;
  }
}
