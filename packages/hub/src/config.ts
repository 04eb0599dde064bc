import type { AuthorityOverrides } from './kernel/authority.ts';
import type { SettingsOptions } from './settings.ts';
import type { SourceOptions } from './sources/installed-source.ts';
import type { WebhookOptions } from './sync/webhooks.ts';

/** What `plumbline.config.ts` exports. */
export interface PlumblineConfig extends SettingsOptions {
  sources: readonly SourceOptions[];
  /** Who is right about which field, where the site decides otherwise than the defaults. */
  authority?: AuthorityOverrides;
  /** Where vendors reach this hub, so that they can tell it of changes; without it every source is polled only. */
  webhooks?: WebhookOptions;
}

/** Gives a source that stands in a file of its own its types; returns it as it is. */
export function defineSource(source: SourceOptions): SourceOptions {
  return source;
}

/** Gives a configuration its types; returns it as it is. */
export function defineConfig(config: PlumblineConfig): PlumblineConfig {
  return config;
}
