import type { SourceOptions } from './sources/installed-source.ts';
import type { ChangeControlOptions } from './change-requests/change-control.settings.ts';
import type { AuthorityOverrides } from './kernel/authority.ts';
import type { CalendarsInput } from './people/calendar.ts';
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
}

/** Gives a configuration its types; returns it as it is. */
export function defineConfig(config: PlumblineConfig): PlumblineConfig {
  return config;
}
