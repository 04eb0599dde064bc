import { webhookChecks } from '../src/checks/webhooks.ts';
import { testConnector } from '../src/index.ts';
import { soundChannels } from './ledger-channels.ts';
import { ledgerConnector } from './ledger-connector.ts';
import { ledgerConformance } from './ledger-subject.ts';

testConnector(ledgerConformance('A sound connector', ledgerConnector()));

testConnector({
  ...ledgerConformance(
    'A sound connector that opens channels',
    ledgerConnector({ channels: soundChannels }),
    'CHANNEL',
  ),
  only: webhookChecks.map(({ name }) => name),
});
