import {
  readPolicy,
  type ChangeControlOptions,
  type ChangeControlPolicy,
} from './change-requests/change-control.settings.ts';
import { readCheckInSettings, type CheckInOptions, type CheckInSettings } from './check-ins/check-ins.settings.ts';
import {
  readClientStatusSettings,
  type ClientStatusOptions,
  type ClientStatusSettings,
} from './client-status/client-status.settings.ts';
import { readReviewsSettings, type ReviewsOptions, type ReviewsSettings } from './packs/reviews.settings.ts';
import { readCalendars, type Calendars, type CalendarsInput } from './people/calendar.ts';
import {
  readEarnedValue,
  type EarnedValueOptions,
  type EarnedValueSettings,
} from './projects/earned-value.settings.ts';
import { readWarningLimits, type WarningLimits, type WarningOptions } from './reports/early-warning.settings.ts';
import { readProposalPolicy, type ProposalOptions, type ProposalPolicy } from './reviews/proposal.settings.ts';
import { readErasureSettings, type ErasureOptions, type ErasureSettings } from './sync/erasure.settings.ts';
import { readMeetingSettings, type MeetingOptions, type MeetingSettings } from './time/meeting.settings.ts';
import { readNatureSettings, type NatureOptions, type NatureSettings } from './time/nature.settings.ts';
import { defaultScope, type ScopeSettings } from './time/worked.store.ts';

/** What a site may decide otherwise than the defaults, each by the room that it belongs to; what is absent is the default. */
export interface SettingsOptions {
  /** How changes are priced and reviewed here. */
  changeControl?: ChangeControlOptions;
  /** What a proposal has to pass before it goes to the client. */
  proposals?: ProposalOptions;
  /** Working days and holidays, by the names that capacities give; Monday to Friday where none is given. */
  calendars?: CalendarsInput;
  /** How this site tells what work is for. */
  scope?: Partial<ScopeSettings>;
  /** How it is counted how much of a project's work is done. */
  earnedValue?: EarnedValueOptions;
  /** From where on a figure is one to look at. */
  warnings?: WarningOptions;
  /** How this site tells waiting for the client, and rework, from progress. */
  nature?: NatureOptions;
  /** How this site tells status meetings from work. */
  statusMeetings?: MeetingOptions;
  /** How old a view may be, who leads, and from where on something is asked about. */
  checkIns?: CheckInOptions;
  /** Which snapshots are taken without anybody asking for them. */
  reviews?: ReviewsOptions;
  /** Shows clients how their projects stand, each by its own tokens; without it nothing is shown to anybody outside. */
  clientStatus?: ClientStatusOptions;
  /** Who may have the hub forget somebody; without it only who is at this machine. */
  erasure?: ErasureOptions;
}

/** The same, checked and filled up. */
export interface HubSettings {
  readonly changeControl: ChangeControlPolicy;
  readonly proposals: ProposalPolicy;
  readonly scope: ScopeSettings;
  readonly nature: NatureSettings;
  readonly meetings: MeetingSettings;
  readonly calendars: Calendars;
  readonly earnedValue: EarnedValueSettings;
  readonly warningLimits: WarningLimits;
  readonly checkIns: CheckInSettings;
  /** Null where clients are shown nothing. */
  readonly clientStatus: ClientStatusSettings | null;
  readonly erasure: ErasureSettings;
  readonly reviews: ReviewsSettings;
}

/** Checks them against the ids of the sources there are; throws HubError that names the wrong setting. */
export function readSettings(options: SettingsOptions, sourceIds: readonly string[]): HubSettings {
  const calendars = readCalendars(options.calendars ?? {});
  const changeControl = readPolicy(options.changeControl ?? {});
  return {
    calendars,
    changeControl,
    earnedValue: readEarnedValue(options.earnedValue ?? {}, calendars),
    warningLimits: readWarningLimits(options.warnings ?? {}),
    proposals: readProposalPolicy(options.proposals ?? {}, {
      ...changeControl.settings,
      preset: options.changeControl?.preset,
    }),
    scope: { ...defaultScope, ...options.scope },
    nature: readNatureSettings(options.nature ?? {}),
    checkIns: readCheckInSettings(options.checkIns ?? {}),
    reviews: readReviewsSettings(options.reviews ?? {}),
    meetings: readMeetingSettings(options.statusMeetings ?? {}),
    clientStatus: options.clientStatus ? readClientStatusSettings(options.clientStatus, sourceIds) : null,
    erasure: readErasureSettings(options.erasure ?? {}),
  };
}
