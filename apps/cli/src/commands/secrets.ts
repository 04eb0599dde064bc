import { HubError } from '@plumbline/connector';
import { text } from 'node:stream/consumers';
import { writableSecretsOf } from '../setup/secrets.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';

/** Names the stored secrets; their values are never shown. */
export async function listSecrets(context: CommandContext, flags: CommonFlags): Promise<void> {
  const names = (await writableSecretsOf(installOptions(context, flags))).names();
  context.console.emit({ secrets: names });
  for (const name of names) context.console.say(name);
  if (names.length === 0) context.console.say('No secret is stored.');
}

/** Stores a secret that is typed, or that comes on standard input. */
export async function setSecret(context: CommandContext, flags: CommonFlags, name: string): Promise<void> {
  const { checkSecretName } = await import('@plumbline/hub');
  checkSecretName(name);
  const value = process.stdin.isTTY ? await typed(name) : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (value === '') {
    throw new HubError({
      code: 'BAD_INPUT',
      message: `Nothing was given as the secret ${name}.`,
      remedy: 'Type it, or give it on standard input.',
    });
  }
  (await writableSecretsOf(installOptions(context, flags))).set({ [name]: value });
  context.console.emit({ event: 'secret-stored', name });
  context.console.say(`${name} is stored. A configuration refers to it by stored('${name}').`);
}

/** Forgets a stored secret. */
export async function removeSecret(context: CommandContext, flags: CommonFlags, name: string): Promise<void> {
  const store = await writableSecretsOf(installOptions(context, flags));
  if (!store.remove(name)) {
    throw new HubError({
      code: 'BAD_INPUT',
      message: `There is no stored secret ${name}.`,
      remedy: `There are: ${store.names().join(', ') || 'none'}.`,
    });
  }
  context.console.emit({ event: 'secret-removed', name });
  context.console.say(`${name} is no longer stored.`);
}

async function typed(name: string): Promise<string> {
  const { isCancel, password } = await import('@clack/prompts');
  const value = await password({ message: name });
  return isCancel(value) ? '' : (value ?? '');
}
