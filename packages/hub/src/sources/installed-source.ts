import {
  createAccessTokens,
  createBudget,
  growingRedactor,
  HubError,
  keepInMemory,
  memoryLedger,
  type AccessTokens,
  type Budget,
  type BudgetLedger,
  type Clock,
  type Connector,
  type InstalledConnector,
  type OAuthClient,
  type Redact,
  type SecretKeeper,
  type Stream,
} from '@plumbline/connector';
import { fingerprint } from '../kernel/fingerprint.ts';
import { keepIfPossible } from './keep-if-possible.ts';

/** A connector to be installed: what `plumbline.config.ts` lists. */
export interface SourceOptions {
  /** Lower case, with dashes; stays the same for as long as its data are to be kept. */
  id: string;
  connector: Connector;
  config: unknown;
  secrets: unknown;
  /** Where a member of the secrets is kept anew when its vendor replaces it; null where it cannot be. */
  keeperOf?(member: string): SecretKeeper | null;
  /** Tells the keys of this account from those of another account of the same vendor. */
  realm?: string;
  /** How often the schedule polls it; 5 when absent. */
  everyMinutes?: number;
}

export interface InstalledSource {
  readonly id: string;
  readonly connector: InstalledConnector;
  readonly realm: string | null;
  readonly everyMinutes: number;
  /** One for the account, shared by every stream, and by every source that is the same account to its vendor. */
  readonly budget: Budget;
  readonly redact: Redact;
  /** Asks for the account's tokens, for every stream; null when its secrets open it as they are. */
  readonly access: AccessTokens | null;
  /** Fingerprint of everything that `map` depends on. */
  readonly mapping: string;
  stream(name: string): Stream;
}

/**
 * Validates every source; throws HubError BAD_CONFIG that names what is wrong. `ledgerOf` says where the budget of an
 * account stands: in this process when absent.
 */
export function installSources(
  options: readonly SourceOptions[],
  clock: Clock,
  ledgerOf: (account: string) => BudgetLedger = memoryLedger,
): InstalledSource[] {
  const ids = new Set<string>();
  const realms = new Set<string>();
  const ledgers = new Map<string, BudgetLedger>();
  const sharedBy = (account: string): BudgetLedger => {
    const ledger = ledgers.get(account) ?? ledgerOf(account);
    ledgers.set(account, ledger);
    return ledger;
  };
  return options.map((option) => {
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(option.id))
      throw badSource(`The source id "${option.id}" is not valid`, 'Use lower-case letters, digits and dashes.');
    if (ids.has(option.id)) throw badSource(`Two sources have the id "${option.id}"`, 'Give each its own.');
    ids.add(option.id);
    const realm = `${option.connector.name} ${option.realm ?? ''}`;
    if (realms.has(realm)) {
      throw badSource(
        `Two sources of the connector "${option.connector.name}" share the realm "${option.realm ?? ''}"`,
        'Give one of them a `realm`, so that their ids are not taken for each other’s.',
      );
    }
    realms.add(realm);
    return install(option, clock, sharedBy);
  });
}

function install(option: SourceOptions, clock: Clock, ledgerOf: (account: string) => BudgetLedger): InstalledSource {
  const connector = option.connector.install(option);
  const { name, limits, account } = connector;
  const realm = option.realm ?? null;
  const { redact, hide } = growingRedactor(connector.secretTexts);
  const { oauth } = connector;
  return {
    id: option.id,
    connector,
    realm,
    everyMinutes: option.everyMinutes ?? 5,
    budget: createBudget(limits, clock, ledgerOf(account === null ? option.id : fingerprint([name, account]))),
    redact,
    access:
      oauth &&
      createAccessTokens({
        source: option.id,
        connector: connector.name,
        client: oauth,
        keeper: keeperOf(option, oauth),
        clock,
        redact,
        hide,
      }),
    mapping: fingerprint([connector.name, connector.config, realm]),
    stream(name) {
      const stream = connector.streams.find((each) => each.name === name);
      if (stream) return stream;
      throw new HubError({
        code: 'BAD_INPUT',
        message: `The source "${option.id}" has no stream "${name}".`,
        remedy: `It has: ${connector.streams.map((each) => each.name).join(', ')}.`,
      });
    },
  };
}

/** A refresh token that is good once has to be replaced where it stands, or the next start is locked out. */
function keeperOf({ id, keeperOf: given }: SourceOptions, { grant, rotates }: OAuthClient): SecretKeeper {
  const keeper = given?.(grant.member) ?? null;
  if (!rotates) return keeper ? keepIfPossible(keeper, grant.text) : keepInMemory(grant.text);
  if (keeper) return keeper;
  const name = `${id}.${grant.member}`;
  throw badSource(
    `The source "${id}" has its ${grant.member} where the hub cannot replace it, and its vendor makes each one good for one use only`,
    `Store it by \`plumbline secrets set ${name}\`, and write ${grant.member}: stored('${name}').`,
  );
}

function badSource(message: string, remedy: string): HubError {
  return new HubError({ code: 'BAD_CONFIG', message: `${message}.`, remedy });
}

/** The one of that id, or all; throws HubError for one that there is not. */
export function pickSources(sources: readonly InstalledSource[], id: string | undefined): readonly InstalledSource[] {
  if (id === undefined) return sources;
  const source = sources.find((each) => each.id === id);
  if (source) return [source];
  throw new HubError({
    code: 'BAD_INPUT',
    message: `There is no source "${id}".`,
    remedy: `There are: ${sources.map((each) => each.id).join(', ') || 'none'}.`,
  });
}
