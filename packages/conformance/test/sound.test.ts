import { testConnector } from '../src/index.ts';
import { ledgerConnector } from './ledger-connector.ts';
import { ledgerConformance } from './ledger-subject.ts';

testConnector(ledgerConformance('A sound connector', ledgerConnector()));
