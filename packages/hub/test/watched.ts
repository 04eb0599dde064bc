import type { Api } from '../src/api.ts';

/** What a subscription sends: every event's data as it comes. */
export async function* watched(api: Api, query: string): AsyncGenerator<unknown> {
  const response = await api.fetch(
    new Request('http://hub.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    }),
  );
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^event: next\ndata: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}
