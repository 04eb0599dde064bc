import { refused, sameSecret, type Refused, type WebhookRequest } from '@plumbline/connector';
import { createHash, createHmac } from 'node:crypto';

/** How far a request's time may be from ours, either way, as HubSpot asks of receivers. */
export const TOLERANCE_MS = 5 * 60_000;

/** The only characters HubSpot decodes in the address before it signs it; a full decode would be another text. */
const DECODED: Readonly<Record<string, string>> = {
  '3a': ':',
  '2f': '/',
  '3f': '?',
  '40': '@',
  '21': '!',
  '24': '$',
  '27': "'",
  '28': '(',
  '29': ')',
  '2a': '*',
  '2c': ',',
  '3b': ';',
};

/** What a signature proves: for version 3 also when the request was made. */
export type Proof = { version: 'v3'; sentAt: number } | { version: 'v1' | 'v2' };

/**
 * Verifies a request by the newest signature it carries; an older one is no way around a newer one that fails. Private
 * apps sign by version 1 only, which says nothing about the time.
 */
export function verifySignature(
  request: WebhookRequest,
  input: { secret: string; now: Temporal.Instant },
): Proof | Refused {
  const { headers } = request;
  const third = headers.get('x-hubspot-signature-v3');
  if (third !== null) return verifyThird(request, { ...input, given: third });
  const given = headers.get('x-hubspot-signature');
  if (given === null) return refused('FORGED', 'It has no signature.');
  const version = headers.get('x-hubspot-signature-version') ?? 'v1';
  if (version !== 'v1' && version !== 'v2') return refused('FORGED', 'Its signature is of an unknown version.');
  const signed = version === 'v1' ? [] : [request.method, request.url];
  const hash = createHash('sha256')
    .update([input.secret, ...signed].join(''))
    .update(request.body)
    .digest('hex');
  return sameSecret(given.toLowerCase(), hash) ? { version } : refused('FORGED', 'Its signature is not right.');
}

function verifyThird(
  { method, url, headers, body }: WebhookRequest,
  { secret, now, given }: { secret: string; now: Temporal.Instant; given: string },
): Proof | Refused {
  const timestamp = headers.get('x-hubspot-request-timestamp') ?? '';
  if (!/^\d{1,15}$/.test(timestamp)) return refused('FORGED', 'Its timestamp is missing or no number.');
  const hmac = createHmac('sha256', secret)
    .update(method + signedAddress(url))
    .update(body)
    .update(timestamp);
  if (!sameSecret(given, hmac.digest('base64'))) return refused('FORGED', 'Its signature is not right.');
  const sentAt = Number(timestamp);
  if (Math.abs(now.epochMilliseconds - sentAt) <= TOLERANCE_MS) return { version: 'v3', sentAt };
  return refused('EXPIRED', 'Its timestamp is more than five minutes from now.');
}

/** The address as HubSpot signs it. */
function signedAddress(url: string): string {
  return url.replaceAll(/%([0-9a-f]{2})/gi, (whole, code: string) => DECODED[code.toLowerCase()] ?? whole);
}
