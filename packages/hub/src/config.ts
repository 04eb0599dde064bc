import type { SourceOptions } from './sources/installed-source.ts';
import type { ClientStatusOptions } from './client-status/client-status.settings.ts';
import type { ChangeControlOptions } from './change-requests/change-control.settings.ts';
import type { CheckInOptions } from './check-ins/check-ins.settings.ts';
import type { ErasureOptions } from './sync/erasure.settings.ts';
import type { AuthorityOverrides } from './kernel/authority.ts';
import type { ReviewsOptions } from './packs/reviews.settings.ts';
import type { CalendarsInput } from './people/calendar.ts';
import type { WebhookOptions } from './sync/webhooks.ts';
import type { ProposalOptions } from './reviews/proposal.settings.ts';
import type { MeetingOptions } from './time/meeting.settings.ts';
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
  /** What a proposal has to pass before it goes to the client, where it differs from the defaults. */
  proposals?: ProposalOptions;
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
  /** How this site tells status meetings from work, where it differs from the defaults. */
  statusMeetings?: MeetingOptions;
  /** How old a view may be, who leads, and from where on something is asked about, where it differs from the defaults. */
  checkIns?: CheckInOptions;
  /** Which snapshots are taken without anybody asking for them, where it differs from the defaults. */
  reviews?: ReviewsOptions;
  /** Where vendors reach this hub, so that they can tell it of changes; without it every source is polled only. */
  webhooks?: WebhookOptions;
  /** Shows clients how their projects stand, each by its own tokens; without it nothing is shown to anybody outside. */
  clientStatus?: ClientStatusOptions;
  /** Who may have the hub forget somebody; without it only who is at this machine. */
  erasure?: ErasureOptions;
}

/** Gives a source that stands in a file of its own its types; returns it as it is. */
export function defineSource(source: SourceOptions): SourceOptions {
  return source;
}

/** Gives a configuration its types; returns it as it is. */
export function defineConfig(config: PlumblineConfig): PlumblineConfig {
  return config;
}
