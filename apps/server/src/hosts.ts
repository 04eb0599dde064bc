import { isIPv4, isIPv6 } from 'node:net';

/** Whether an address or name reaches this machine only. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return (
    (isIPv4(name) && name.startsWith('127.')) || (isIPv6(name) && (name === '::1' || name.startsWith('::ffff:127.')))
  );
}

/** The name in a `Host` header, without its port; null when it is not one. */
export function hostName(header: string | undefined): string | null {
  const found = /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d{1,5})?$/i.exec(header ?? '')?.[1];
  return found === undefined ? null : bare(found);
}

/** An address as it stands in a URL. */
export function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
