/** A condition of the JQL subset: what connectors send, not what people type. */
export type Condition =
  | { op: 'and' | 'or'; parts: readonly Condition[] }
  | { op: 'not'; part: Condition }
  | { op: Comparison; field: string; values: readonly string[] };
type Comparison = (typeof comparisons)[number];
const comparisons = ['=', '!=', 'in', 'not in', '>', '>=', '<', '<=', 'is', 'is not'] as const;

export interface Query {
  where: Condition | null;
  orderBy: readonly { field: string; descending: boolean }[];
}

/** What Jira would answer 400 with. */
export class JqlError extends Error {}

/** Parses `AND`, `OR`, `NOT`, parentheses, comparisons, `IN (…)`, `IS EMPTY` and `ORDER BY`; throws JqlError. */
export function parseJql(jql: string): Query {
  const tokens = tokenize(jql);
  let at = 0;
  const peek = (word: string): boolean => !tokens[at]?.quoted && tokens[at]?.text.toLowerCase() === word;
  const accept = (word: string): boolean => {
    if (!peek(word)) return false;
    at += 1;
    return true;
  };
  const expect = (word: string): void => {
    if (!accept(word)) throw unexpected();
  };
  const unexpected = (): JqlError =>
    new JqlError(
      at < tokens.length
        ? `Error in the JQL Query: Unexpected '${tokens[at]?.text}' (token ${at + 1}).`
        : 'Error in the JQL Query: it ends too early.',
    );
  const value = (): string => {
    const token = tokens[at];
    if (!token || (!token.quoted && /^[()=<>!,~]/.test(token.text))) throw unexpected();
    at += 1;
    return token.text;
  };
  const list = (): string[] => {
    expect('(');
    const values = [value()];
    while (accept(',')) values.push(value());
    expect(')');
    return values;
  };
  const comparison = (): Condition => {
    const field = value().toLowerCase();
    if (accept('in')) return { op: 'in', field, values: list() };
    if (accept('not')) {
      expect('in');
      return { op: 'not in', field, values: list() };
    }
    if (accept('is')) {
      const op = accept('not') ? 'is not' : 'is';
      if (!accept('empty') && !accept('null')) throw unexpected();
      return { op, field, values: [] };
    }
    const op = comparisons.find((each) => peek(each));
    if (!op) throw unexpected();
    at += 1;
    return { op, field, values: [value()] };
  };
  const unary = (): Condition => {
    if (accept('not')) return { op: 'not', part: unary() };
    if (!accept('(')) return comparison();
    const inner = disjunction();
    expect(')');
    return inner;
  };
  const chain = (word: 'and' | 'or', next: () => Condition): Condition => {
    const parts = [next()];
    while (accept(word)) parts.push(next());
    return parts.length === 1 ? (parts[0] as Condition) : { op: word, parts };
  };
  const disjunction = (): Condition => chain('or', () => chain('and', unary));

  const where = tokens.length === 0 || peek('order') ? null : disjunction();
  const orderBy: { field: string; descending: boolean }[] = [];
  if (accept('order')) {
    expect('by');
    do {
      const field = value().toLowerCase();
      const descending = accept('desc');
      if (!descending) accept('asc');
      orderBy.push({ field, descending });
    } while (accept(','));
  }
  if (at < tokens.length) throw unexpected();
  if (orderBy.length > 7) throw new JqlError('The ORDER BY clause holds more than 7 fields.');
  return { where, orderBy };
}

interface Token {
  text: string;
  quoted: boolean;
}

function tokenize(jql: string): Token[] {
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(>=|<=|!=|[()=<>,~])|([^\s()=<>!,"'~]+))/gy;
  const tokens: Token[] = [];
  const text = jql.trimEnd();
  while (pattern.lastIndex < text.length) {
    const position = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new JqlError(`Error in the JQL Query: cannot be read from character ${position + 1} on.`);
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) tokens.push({ text: quoted.replace(/\\(.)/g, '$1'), quoted: true });
    else tokens.push({ text: match[3] ?? match[4] ?? '', quoted: false });
  }
  return tokens;
}
