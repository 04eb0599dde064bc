import { HubError } from '@plumbline/connector';
import { asked, badInput } from './asked.ts';
import type { CommandContext } from './command.ts';
import { withGraph, type Graph } from './graph.ts';
import { deliver, formOf, jsonText, type WrittenFlags } from './written.ts';

/** The snapshots that are compared, by their ids; how things stand now where the second is not given. */
interface Compared {
  before: string;
  after: string | undefined;
}

const LISTED = 'List those of a scope with `plumbline snapshots`, such as `plumbline snapshots --portfolio`.';

/** Writes down what moved from a snapshot to another one, or until now. */
export async function compare(context: CommandContext, flags: WrittenFlags, which: Compared): Promise<void> {
  await withGraph(context, flags, async (graph) => {
    const text = await compared(graph, flags, which);
    await deliver(context, flags, { text, what: 'The comparison' });
  });
}

async function compared(graph: Graph, flags: WrittenFlags, { before, after }: Compared): Promise<string> {
  const form = formOf(flags);
  const shown = form === null ? comparisonData : `compare(to: $after) { document(form: ${form}) }`;
  const { snapshot } = await asked<{ snapshot: { compare: { document?: string } } | null }>(
    graph,
    `query ($before: ID!, $after: ID) { snapshot(id: $before) { ${shown} } }`,
    { before, after: after ?? null },
  ).catch((error: unknown) => {
    const isOfIds = error instanceof HubError && ['BAD_INPUT', 'NOT_FOUND'].includes(error.code);
    throw isOfIds ? badInput(error.message, `${error.remedy} ${LISTED}`, error) : error;
  });
  if (!snapshot) throw badInput(`There is no snapshot ${before}.`, LISTED);
  return snapshot.compare.document ?? jsonText(snapshot, flags);
}

const comparisonData = `
  id asOf lens currency scope { kind person { id name } team client { id name } }
  compare(to: $after) {
    asOf sameInputs sameDefinitions caveats
    moves { metric { name description unit currency } before after change reason statusBefore statusAfter }
  }`;
