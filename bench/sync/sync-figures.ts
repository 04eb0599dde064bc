/** The line the sandbox prints when it listens; only what a sync needs of it. */
export interface SandboxReady {
  sources: { id: string; connector: string; config: unknown; secrets: unknown }[];
}

/** What a first sync took. Memory in MB. */
export interface FirstSync {
  idle: number;
  /** The most within the first and the second half of the time. */
  firstHalf: number;
  secondHalf: number;
  records: number;
  seconds: number;
  /** False when it was cut short. */
  complete: boolean;
}

/** What a poll took that found nothing. */
export interface EmptyPoll {
  milliseconds: number;
  /** Of these, waited for the vendors' rate limits, summed over sources that wait side by side. */
  throttled: number;
  requests: number;
  statements: number;
  changed: number;
}
