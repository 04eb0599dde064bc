import type { SourceOptions } from './sources/installed-source.ts';
import type { ChangeControlOptions } from './change-requests/change-control.settings.ts';
import type { AuthorityOverrides } from './kernel/authority.ts';
import type { CalendarsInput } from './people/calendar.ts';
import type { WebhookOptions } from './sync/webhooks.ts';
import type { NatureOptions } from './time/nature.settings.ts';
import type { EarnedValueOptions } from './projects/earned-value.settings.ts';
import type { WarningOptions } from './reports/early-warning.settings.ts';
import type { ScopeSettings } from './time/worked.store.ts';

/** What `plumbline.config.ts` exports. */
export interface PlumblineConfig {
  sources: readonly SourceOptions[];
  /** Who is right about which field, where the site decides otherwise than the defaults. */
  authority?: AuthorityOverrides;
  /** How changes are priced and reviewed here, where it differs from the defaults. */
  changeControl?: ChangeControlOptions;
  /** Working days and holidays, by the names that capacities give; Monday to Friday where none is given. */
  calendars?: CalendarsInput;
  /** How this site tells what work is for, where it differs from the defaults. */
  scope?: Partial<ScopeSettings>;
  /** How it is counted how much of a project's work is done, where it differs from the defaults. */
  earnedValue?: EarnedValueOptions;
  /** From where on a figure is one to look at, where it differs from the defaults. */
  warnings?: WarningOptions;
  /** How this site tells waiting for the client, and rework, from progress, where it differs from the defaults. */
  nature?: NatureOptions;
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
