import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import {
  clientWaitCost,
  clientWaitPrice,
  clientWaitShare,
  clientWaitTime,
  reworkCost,
  reworkPrice,
  reworkShare,
  reworkTime,
  unratedClientWait,
  unratedRework,
  type NaturedWork,
} from '../time/nature.metrics.ts';

/** What went into waiting for the client and into rework; `workedSeconds` is all worked time. Pure. */
export function wasteFigures(of: {
  work: readonly NaturedWork[];
  workedSeconds: number;
  currency: string | null;
}): PresentedMetric[] {
  const { work, workedSeconds, currency } = of;
  const waited = present(clientWaitTime, { work });
  const redone = present(reworkTime, { work });
  const share = ({ figure }: PresentedMetric) => ({ seconds: Number(figure.value), workedSeconds });
  return [
    waited,
    present(clientWaitShare, share(waited)),
    present(clientWaitPrice, { work }, currency),
    present(clientWaitCost, { work }, currency),
    present(unratedClientWait, { work }),
    redone,
    present(reworkShare, share(redone)),
    present(reworkPrice, { work }, currency),
    present(reworkCost, { work }, currency),
    present(unratedRework, { work }),
  ];
}
