import { HubError } from '@plumbline/connector';
import { isUtf8 } from 'node:buffer';
import type { Encoding } from './config.ts';

const LINE_FEED = 0x0a;

/**
 * A file's bytes as text, without its byte-order mark. The mark says how it is written; without one the configuration
 * does, else UTF-8. Throws HubError BAD_RESPONSE that names the line when the bytes are something else.
 */
export async function* decoded(
  bytes: AsyncIterable<Buffer>,
  file: { path: string; encoding: Encoding | undefined },
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let before: Buffer = Buffer.alloc(0);
  let lines = 0;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk, file), { fatal: true });
    yield decodeOr(
      () => decoder?.decode(chunk, { stream: true }),
      () => badText(file.path, decoder, { before, chunk, lines }),
    );
    lines += lineFeeds(before);
    before = chunk;
  }
  const last = { before, chunk: Buffer.alloc(0), lines };
  yield decodeOr(
    () => decoder?.decode(),
    () => badText(file.path, decoder, last),
  );
}

function decodeOr(decode: () => string | undefined, problem: () => HubError): string {
  try {
    return decode() ?? '';
  } catch {
    throw problem();
  }
}

function encodingOf(start: Buffer, { path, encoding }: { path: string; encoding: Encoding | undefined }): Encoding {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (encoding !== undefined) return encoding;
  const nul = start.subarray(0, 4_096).indexOf(0);
  if (nul < 0) return 'utf-8';
  const guess = nul % 2 === 1 ? 'utf-16le' : 'utf-16be';
  throw new HubError({
    code: 'BAD_RESPONSE',
    message: `File ${path} is not text in UTF-8: byte ${nul + 1} is zero. It looks like UTF-16 without a byte-order mark.`,
    remedy: `Save it as UTF-8, or set \`encoding: '${guess}'\`.`,
  });
}

function badText(
  path: string,
  decoder: TextDecoder | undefined,
  at: { before: Buffer; chunk: Buffer; lines: number },
): HubError {
  const encoding = decoder?.encoding ?? '';
  const { line, column } = encoding === 'utf-8' ? firstBad(at) : { line: null, column: 0 };
  return new HubError({
    code: 'BAD_RESPONSE',
    message: `File ${path}${line === null ? '' : `, line ${line}, character ${column}`} is not text in ${encoding.toUpperCase()}.`,
    remedy: "Save it as UTF-8; if it is Latin-1, as older Excel writes, set `encoding: 'windows-1252'`.",
  });
}

/** The first line that is not UTF-8, among the chunk at fault and the one before, which may hold its beginning. */
function firstBad(at: { before: Buffer; chunk: Buffer; lines: number }): { line: number; column: number } {
  const joined = Buffer.concat([at.before, at.chunk]);
  // The chunk before may begin within a character.
  let start = 0;
  while (start < 3 && ((joined[start] ?? 0) & 0xc0) === 0x80) start += 1;
  for (let line = at.lines + 1; ; line += 1) {
    const found = joined.indexOf(LINE_FEED, start);
    const end = found < 0 ? joined.length : found;
    const piece = joined.subarray(start, end);
    if (!isUtf8(piece) || found < 0) return { line, column: piece.toString('utf8').indexOf('\ufffd') + 1 };
    start = end + 1;
  }
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
