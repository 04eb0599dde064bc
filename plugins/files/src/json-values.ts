import { TokenParser, Tokenizer, TokenType } from '@streamparser/json';

/** More significant digits than these a double does not keep. */
const SURE_DIGITS = 15;

/** Numbers that a double would change stay as the text they are written as. */
class ExactTokenizer extends Tokenizer {
  latestNumber = '';

  protected override parseNumber(text: string): number {
    this.latestNumber = text;
    return Number(text);
  }
}

/** Takes the items out of a list while the text comes in; holds one of them at a time. */
export interface ItemReader {
  /** Reads on; throws an Error for what is not JSON. */
  write(text: string): unknown[];
  /** Throws an Error when the text ended early. */
  end(): void;
  /** Line that is being read, from 1. */
  readonly line: number;
  /** How many items were read. */
  readonly count: number;
  /** Characters of the item that is being read. */
  readonly pending: number;
  /** Whether there was a list at the path, as far as one can tell by now. */
  readonly found: boolean;
  /** Names of the outermost object's members, as far as read. */
  readonly members: readonly string[];
}

const MOST_MEMBERS = 50;

/** `path` are the names of members with dots between them; null when the text itself is the list. */
export function createItemReader(path: string | null): ItemReader {
  const steps = path === null ? [] : path.split('.');
  const tokenizer = new ExactTokenizer();
  const parser = new TokenParser({ paths: [`$.${[...steps, '*'].join('.')}`], keepStack: false });
  const members: string[] = [];
  let items: unknown[] = [];
  let count = 0;
  let line = 1;
  let pending = 0;
  let depth = 0;
  let found = false;
  let latestText = '';

  parser.onValue = ({ value, key }) => {
    // The wildcard also matches the members of an object, which is no list.
    if (typeof key !== 'number') return;
    items.push(value);
    count += 1;
    pending = 0;
  };
  tokenizer.onToken = (token) => {
    const { token: type, value } = token;
    if (type === TokenType.COLON && depth === 1 && members.length < MOST_MEMBERS) members.push(latestText);
    if (type === TokenType.STRING) latestText = String(value);
    if (type === TokenType.LEFT_BRACKET && depth === steps.length) found = true;
    if (type === TokenType.LEFT_BRACE || type === TokenType.LEFT_BRACKET) depth += 1;
    if (type === TokenType.RIGHT_BRACE || type === TokenType.RIGHT_BRACKET) depth -= 1;
    if (type === TokenType.NUMBER && digitsOf(tokenizer.latestNumber) > SURE_DIGITS) {
      parser.write({ token: TokenType.STRING, value: tokenizer.latestNumber });
    } else parser.write(token);
  };

  return {
    get line() {
      return line;
    },
    get count() {
      return count;
    },
    get pending() {
      return pending;
    },
    get found() {
      return found;
    },
    members,
    write(text) {
      items = [];
      // Line by line, so that an error and an item know theirs.
      for (let start = 0; start < text.length;) {
        const feed = text.indexOf('\n', start);
        const end = feed < 0 ? text.length : feed + 1;
        pending += end - start;
        tokenizer.write(text.slice(start, end));
        if (feed >= 0) line += 1;
        start = end;
      }
      return items;
    },
    end() {
      if (!tokenizer.isEnded) tokenizer.end();
      if (!parser.isEnded) throw new Error('it ends in the middle');
    },
  };
}

/** A value of its own, such as a line of NDJSON, with numbers read as in a list. Throws a SyntaxError. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { source?: string }) => {
    const { source } = context ?? {};
    return typeof value === 'number' && source !== undefined && digitsOf(source) > SURE_DIGITS ? source : value;
  });
}

function digitsOf(number: string): number {
  return number.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length;
}
