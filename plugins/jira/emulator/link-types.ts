import type { Json } from './json.ts';

const linkTypes = [
  { id: '10000', name: 'Blocks', outward: 'blocks', inward: 'is blocked by' },
  { id: '10001', name: 'Implements', outward: 'implements', inward: 'is implemented by' },
  { id: '10002', name: 'Relates', outward: 'relates to', inward: 'relates to' },
  { id: '10003', name: 'Causes', outward: 'causes', inward: 'is caused by' },
] as const;

/** A type of link by its name or outward word; a word nobody knows becomes a type of its own. */
export function linkType(word: string, base: string): Json {
  const lower = word.toLowerCase();
  const known = linkTypes.find(({ name, outward }) => name.toLowerCase() === lower || outward === lower);
  const type = known ?? {
    id: `19${[...lower].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)}`,
    name: word,
    outward: word,
    inward: `is target of ${word}`,
  };
  return { ...type, self: `${base}/issueLinkType/${type.id}` };
}

export function linkTypeList(base: string): Json[] {
  return linkTypes.map(({ name }) => linkType(name, base));
}
