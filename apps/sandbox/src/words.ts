/** What the firm sells, by the language of the client; a client buys each at most once, so deals are told apart by it. */
export const services: readonly { en: string; de?: string; ja?: string; pt?: string; code: string }[] = [
  { code: 'ERP', en: 'ERP rollout', de: 'ERP-Einführung', ja: '基幹システム導入' },
  { code: 'DAT', en: 'Data platform', de: 'Datenplattform', ja: 'データ基盤構築', pt: 'Plataforma de dados' },
  { code: 'CLD', en: 'Cloud migration', de: 'Umzug in die Cloud', ja: 'クラウド移行' },
  { code: 'POR', en: 'Customer portal', de: 'Kundenportal', ja: '顧客ポータル', pt: 'Portal do cliente' },
  { code: 'FLD', en: 'Mobile field app', de: 'Außendienst-App' },
  { code: 'WHS', en: 'Warehouse automation', de: 'Lagerautomatisierung', ja: '倉庫自動化' },
  { code: 'BIL', en: 'Billing revamp', de: 'Neue Abrechnung', pt: 'Novo faturamento' },
  { code: 'IDN', en: 'Identity hub', de: 'Identitätsverwaltung' },
  { code: 'PMT', en: 'Predictive maintenance', de: 'Vorausschauende Wartung', ja: '予知保全' },
  { code: 'SHP', en: 'E-commerce relaunch', de: 'Webshop-Neustart' },
  { code: 'PAY', en: 'Payroll interface', de: 'Lohnschnittstelle' },
  { code: 'TWN', en: 'Digital twin', de: 'Digitaler Zwilling', ja: 'デジタルツイン' },
  { code: 'ARC', en: 'Document archive', de: 'Dokumentenarchiv' },
  { code: 'CCT', en: 'Contact centre', de: 'Servicetelefon' },
  { code: 'IOT', en: 'Sensor telemetry', de: 'Sensordaten-Erfassung' },
  { code: 'PRC', en: 'Pricing engine', de: 'Preisfindung' },
];

/** Titles of change requests. */
export const changes: readonly string[] = [
  'Export of approved quotes to Excel',
  'Zweite Freigabestufe für Rabatte',
  'Arabic layout for customer letters (من اليمين إلى اليسار)',
  'Additional plant goes live in wave 1',
  '消費税の端数処理を変更する',
  'Keep attachments for ten years instead of six',
  'Migrate five more years of history',
  'Schnittstelle zum Zoll statt CSV-Ablage',
  'Single sign-on for subcontractors',
  'Relatório mensal de emissões',
  'Print labels <100 mm & barcode "Code 128"',
  'Drop the offline mode',
  'Weekly instead of monthly settlement',
  'Read-only access for the auditors',
  'Umlaute in Lieferantennamen nicht mehr ersetzen',
  'Currency of the quote follows the ship-to country',
  'Two-factor login for the field app',
  'Retire the fax channel',
  'Move go-live behind the year-end closing',
  'Scanner driver for the cold store',
  'Dashboard for the works council',
  'Reverse charge on cross-border invoices',
];

export const changeOrigins = ['Client', 'Team', 'Defect', 'Regulation', 'Third party'] as const;

export const risks: readonly string[] = [
  'Key user leaves before acceptance test',
  'Client’s network team is booked until spring',
  'Testdaten kommen zu spät',
  'Vendor ends support of the old database',
  'データ移行の停止時間が足りない',
  'Works council has not agreed to the time recording',
  'Interface specification still unsigned',
  'Only one person knows the legacy billing code',
];

const verbs = [
  'Build',
  'Design',
  'Review',
  'Test',
  'Migrate',
  'Document',
  'Configure',
  'Fix',
  'Prüfen:',
  'Anpassen:',
  '実装:',
  'Revisar',
] as const;
const things = [
  'order import',
  'price list',
  'approval screen',
  'Rechnungslauf',
  'supplier master data',
  'login page',
  '在庫一覧',
  'delivery note',
  'nightly batch',
  'role concept',
  'search index',
  'Stammdatenpflege',
  'audit trail',
  'credit check',
  'مراجعة الفواتير',
  'error handling',
  'cutover plan',
  'monitoring',
  'relatório fiscal',
  'address validation',
] as const;

/** Summaries that have broken a spreadsheet, a page or a query somewhere before. They are data here, nothing else. */
const awkward = [
  '=HYPERLINK("http://evil.example","Click me")',
  '<script>alert("status")</script> shows up in the title',
  "Robert'); DROP TABLE issues;--",
  '@SUM(1+1)*cmd|calc',
  'Commas, "quotes"; semicolons\tand tabs',
  '🚚 Lieferstatus 📦 wird nicht angezeigt',
  '-2+3 off-by-one in the balance',
  'Ẑ̈ǎ̊l͟go in customer names',
] as const;

export const summaryWords = { verbs, things, awkward };

export const activityNotes: readonly (string | null)[] = [
  null,
  null,
  'Workshop with the key users',
  'Fehleranalyse mit dem Fachbereich',
  'pair programming',
  '仕様確認',
  'Code review & merge',
  '=A1*8',
  'Reunião com o cliente',
  '<b>urgent</b> call',
];
