import type { SourceOptions } from './sources/installed-source.ts';
import type { AuthorityOverrides } from './kernel/authority.ts';

/** What `plumbline.config.ts` exports. */
export interface PlumblineConfig {
  sources: readonly SourceOptions[];
  /** Who is right about which field, where the site decides otherwise than the defaults. */
  authority?: AuthorityOverrides;
}

/** Gives a configuration its types; returns it as it is. */
export function defineConfig(config: PlumblineConfig): PlumblineConfig {
  return config;
}
