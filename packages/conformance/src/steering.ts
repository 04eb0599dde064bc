import type { Connector, InstalledConnector, Page, Stream } from '@plumbline/connector';

/** What happens between the pages of a poll: awaited before the first one (number 0), and behind each before the next is asked for. */
export type BetweenPages = (page: { number: number; poll: number }) => void | Promise<void>;

/** Lets a check act while a stream is being read. The pages themselves are left as they are. */
export interface Steering {
  betweenPages: BetweenPages | null;
  /** Polls begun so far, and pages given by the latest of them. */
  polls: number;
  pages: number;
}

export function createSteering(): Steering {
  return { betweenPages: null, polls: 0, pages: 0 };
}

/** The same connector, but for what a check does between two pages of the stream. */
export function steered(connector: Connector, stream: string, steering: Steering): Connector {
  return {
    ...connector,
    install(source): InstalledConnector {
      const installed = connector.install(source);
      const streams = installed.streams.map((each) => (each.name === stream ? steeredStream(each, steering) : each));
      return { ...installed, streams };
    },
  };
}

function steeredStream(stream: Stream, steering: Steering): Stream {
  return {
    ...stream,
    async *poll(context, cursor): AsyncGenerator<Page> {
      const poll = (steering.polls += 1);
      let number = 0;
      await steering.betweenPages?.({ number, poll });
      for await (const page of stream.poll(context, cursor)) {
        number += 1;
        steering.pages = number;
        yield page;
        await steering.betweenPages?.({ number, poll });
      }
    },
  };
}
