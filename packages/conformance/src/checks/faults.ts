import type { Fault } from '@plumbline/emulator';
import type { RunReport } from '@plumbline/hub';
import type { Check } from '../check.ts';
import { mustFail, mustSucceed, type Reader, type Stand } from '../stand.ts';
import type { Conformance } from '../subject.ts';
import { demand } from '../violation.ts';

const HOURS_S = 2 * 3_600;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** At most five requests are hit: fewer than the tries that each has. */
const spread = { every: 2, times: 5 } as const;
/** How many requests get through before things go wrong. */
const moments = [0, 2, 4] as const;

type Trouble = Omit<Fault, 'times' | 'after' | 'every' | 'path' | 'method'>;

/** What goes wrong between the hub and a vendor, and must not show in the graph. */
export function faultChecks({ refusals }: Pick<Conformance, 'refusals'>): readonly Check[] {
  const passing: [string, Trouble][] = [
    ...refusals.map(({ reason, answer }): [string, Trouble] => [
      `refusals for the rate (${reason})`,
      { kind: 'answer', ...answer },
    ]),
    ['locks (423)', { kind: 'answer', status: 423 }],
    ['a migration (477)', { kind: 'answer', status: 477, headers: { 'retry-after': '5' } }],
    ['a bad gateway (502)', { kind: 'answer', status: 502, body: 'Bad gateway' }],
    ['an unavailable service (503)', { kind: 'answer', status: 503 }],
    ['connections that are reset', { kind: 'reset' }],
    ['answers that are cut off', { kind: 'truncate' }],
    ['sockets that hang', { kind: 'hang' }],
  ];
  const lasting: [string, Trouble][] = [
    ['an unavailable service (503)', { kind: 'answer', status: 503 }],
    ['a page of HTML with status 200', { kind: 'html' }],
    ['answers that are cut off', { kind: 'truncate' }],
  ];
  return [...passing.map(outlasts), htmlInBetween, ...lasting.map(survives), expiry, outage, longPause];
}

function outlasts([what, trouble]: [string, Trouble]): Check {
  return {
    name: `a read outlasts ${what}`,
    wants: ['wire'],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize + 1);
      mustSucceed(await pollThroughHangs(stand, { ...trouble, ...spread }));
      demand(stand.wire.faults.hits > 0, 'No request was hit: the emulator does not take part in faults.');
      await stand.mustShow(`after ${what}`);
      stand.change(ids[0] ?? '');
      stand.settle();
      await stand.read();
    },
  };
}

/** Things go wrong once the stream is being read, and no more when the poll has ended. */
async function pollWith(stand: Stand, fault: Fault, reader?: Reader): Promise<RunReport> {
  const { faults } = stand.wire;
  const report = await stand.poll({
    reader,
    between({ number }) {
      if (number === 0) faults.add(fault);
    },
  });
  faults.clear();
  return report;
}

/** Lets the time of every request that hangs run out. */
async function pollThroughHangs(stand: Stand, fault: Fault): Promise<RunReport> {
  const poll = pollWith(stand, fault);
  for (;;) {
    const hung = stand.wire.faults.hit().then(({ kind }) => kind === 'hang');
    const ended = await Promise.race([poll.then(() => null), hung]);
    if (ended === null) return poll;
    if (ended) stand.clocks.vendor.advance(MINUTE_MS);
  }
}

/** It may be waited out, or end the run; it may not be taken for an answer. */
const htmlInBetween: Check = {
  name: 'a page of HTML with status 200 is not taken for an answer',
  wants: ['wire'],
  readers: moments.length,
  async run(stand) {
    stand.make(stand.subject.pageSize + 1);
    for (const [index, after] of moments.entries()) {
      const reader = stand.readers[index];
      const report = await pollWith(stand, { kind: 'html', after, times: 1 }, reader);
      const when = `after HTML in place of answer ${after + 1}`;
      await stand.mustNotLie(when, reader);
      if (report.status === 'SUCCEEDED') await stand.mustShow(when, { reader });
      else mustFail(report, 'an answer was a page of HTML');
      await stand.read(reader);
    }
  },
};

function survives([what, trouble]: [string, Trouble]): Check {
  return {
    name: `a vendor that gives nothing but ${what} ends the run as failed, and nothing is lost`,
    wants: ['wire'],
    readers: moments.length,
    async run(stand) {
      stand.make(stand.subject.pageSize * 2 + 1);
      for (const [index, after] of moments.entries()) {
        const reader = stand.readers[index];
        const { faults } = stand.wire;
        const before = faults.hits;
        const report = await pollWith(stand, { ...trouble, after }, reader);
        if (faults.hits === before) break;
        mustFail(report, `the vendor gave nothing but ${what} from request ${after + 1} on`);
        await stand.mustNotLie(`after ${what}`, reader);
        await stand.read(reader);
      }
    },
  };
}

const expiry: Check = {
  name: 'a token that expires while pages are read ends the run at once, and a new one goes on',
  wants: ['wire'],
  async run(stand) {
    const ids = stand.make(stand.subject.pageSize * 2 + 1);
    const { faults } = stand.wire;
    mustFail(await pollWith(stand, { kind: 'answer', status: 401, after: 2 }), 'the token had expired');
    demand(faults.hits <= 5, `An expired token was tried ${faults.hits} times.`);
    await stand.mustNotLie('after the token expired');
    await stand.read();
    stand.change(ids[0] ?? '');
    stand.settle();
    await stand.read();
  },
};

const outage: Check = {
  name: 'an outage after a complete read leaves the graph and the cursor as they are',
  wants: ['wire'],
  async run(stand) {
    const ids = stand.make(3);
    await stand.read();
    stand.change(ids[0] ?? '');
    stand.settle();
    const cursor = await stand.cursor();
    const { faults } = stand.wire;
    faults.add({ kind: 'answer', status: 502 });
    for (const report of await stand.census()) mustFail(report, 'the vendor could not be reached');
    await stand.mustNotLie('after an outage');
    demand((await stand.cursor()) === cursor, 'An outage moved the cursor.');
    faults.clear();
    await stand.read();
  },
};

const longPause: Check = {
  name: 'a vendor that asks for hours gets them: the run ends, and a later one goes on',
  wants: ['wire'],
  async run(stand) {
    stand.make(stand.subject.pageSize + 1);
    const before = stand.clocks.vendor.now().epochMilliseconds;
    const fault: Fault = { kind: 'answer', status: 503, headers: { 'retry-after': String(HOURS_S) }, after: 1 };
    mustFail(await pollWith(stand, fault), 'the vendor asked for hours');
    const slept = stand.clocks.vendor.now().epochMilliseconds - before;
    demand(slept < QUARTER_MS, `A run that was asked to wait for hours held on for ${slept / MINUTE_MS} minutes.`);
    await stand.mustNotLie('after a vendor asked for hours');
    stand.clocks.vendor.advance(HOURS_S * 1_000);
    await stand.read();
  },
};
