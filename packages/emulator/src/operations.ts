/**
 * Throws when something was asked for beside these operations, which are written as contracts write them:
 * `GET /things/{id}`. By it a list of what is checked against a vendor's contract stays the list of what is called.
 */
export function mustBeListed(
  requests: Iterable<{ method: string; path: string }>,
  operations: readonly string[],
): void {
  const known = operations.map(patternOf);
  const calls = new Set([...requests].map(({ method, path }) => `${method} ${path}`));
  const strangers = [...calls].filter((call) => !known.some((pattern) => pattern.test(call)));
  if (strangers.length > 0) throw new Error(`called, but not checked against the contract: ${strangers.join(', ')}`);
}

function patternOf(operation: string): RegExp {
  const parts = operation.split(/\{[^}]+\}/).map((part) => RegExp.escape(part));
  // Contracts do not tell a path from the same with a slash behind it.
  return new RegExp(`^${parts.join('[^/:]+')}/?$`);
}
