import type { Currency } from './money.ts';

/** A part of the world: where people live, what money clients pay in, and what they are called there. */
export interface Region {
  name: string;
  country: string;
  zone: string;
  currency: Currency;
  /** As it is shown, and how it is spelled in an address. */
  firstNames: readonly (readonly [shown: string, ascii: string])[];
  lastNames: readonly (readonly [shown: string, ascii: string])[];
  familyNameFirst?: boolean;
  /** First word of a client's name. */
  clientStems: readonly (readonly [shown: string, ascii: string])[];
  /** The rest of a client's name: trade and legal form. */
  clientTrades: readonly string[];
  language: 'en' | 'de' | 'ja' | 'pt' | 'ar';
}

export const regions: readonly Region[] = [
  {
    name: 'Germany',
    country: 'Germany',
    zone: 'Europe/Berlin',
    currency: 'EUR',
    language: 'de',
    firstNames: [
      ['Jürgen', 'juergen'],
      ['Käthe', 'kaethe'],
      ['Anneliese', 'anneliese'],
      ['Björn', 'bjoern'],
      ['Sören', 'soeren'],
      ['Ulrike', 'ulrike'],
      ['Lars', 'lars'],
      ['Friederike', 'friederike'],
    ],
    lastNames: [
      ['Müller', 'mueller'],
      ['Weiß', 'weiss'],
      ['Schröder', 'schroeder'],
      ['Vogel', 'vogel'],
      ['Köhler', 'koehler'],
      ['Brandt', 'brandt'],
      ['Groß', 'gross'],
    ],
    clientStems: [
      ['Nordlicht', 'nordlicht'],
      ['Süßwerk', 'suesswerk'],
      ['Rheinbögen', 'rheinboegen'],
      ['Kühne & Söhne', 'kuehne-soehne'],
      ['Eichhof', 'eichhof'],
      ['Flößer', 'floesser'],
      ['Hanseatic', 'hanseatic'],
      ['Waldmühle', 'waldmuehle'],
    ],
    clientTrades: ['Logistik GmbH', 'Maschinenbau AG', 'Versicherung a. G.', 'Energie SE'],
  },
  {
    name: 'United States',
    country: 'United States',
    zone: 'America/New_York',
    currency: 'USD',
    language: 'en',
    firstNames: [
      ['Grace', 'grace'],
      ['Marcus', 'marcus'],
      ["D'Arcy", 'darcy'],
      ['Imani', 'imani'],
      ['Wyatt', 'wyatt'],
      ['Noelle', 'noelle'],
      ['José', 'jose'],
      ['Ruth', 'ruth'],
    ],
    lastNames: [
      ["O'Neill", 'oneill'],
      ['Washington', 'washington'],
      ['Kowalski', 'kowalski'],
      ['Freeman', 'freeman'],
      ['Nguyễn', 'nguyen'],
      ['Hartley', 'hartley'],
      ['Peña', 'pena'],
    ],
    clientStems: [
      ['Harbor', 'harbor'],
      ['Bluestem', 'bluestem'],
      ['Ironwood', 'ironwood'],
      ['Cascadia', 'cascadia'],
      ['Lakeshore', 'lakeshore'],
      ['Redwing', 'redwing'],
      ['Granite', 'granite'],
      ['Prairie', 'prairie'],
    ],
    clientTrades: ['Freightways Inc.', 'Health Partners LLC', 'Instruments Corp.', 'Mutual'],
  },
  {
    name: 'United Kingdom',
    country: 'United Kingdom',
    zone: 'Europe/London',
    currency: 'GBP',
    language: 'en',
    firstNames: [
      ['Niamh', 'niamh'],
      ['Alistair', 'alistair'],
      ['Priya', 'priya'],
      ['Rhys', 'rhys'],
      ['Zoë', 'zoe'],
      ['Oluwaseun', 'oluwaseun'],
    ],
    lastNames: [
      ['Pemberton', 'pemberton'],
      ['Ní Bhriain', 'nibhriain'],
      ['Adeyemi', 'adeyemi'],
      ['Llewellyn', 'llewellyn'],
      ['Shah', 'shah'],
      ['Ashworth', 'ashworth'],
    ],
    clientStems: [
      ['Thistle', 'thistle'],
      ['Pennine', 'pennine'],
      ['Wren & Daughters', 'wren-daughters'],
      ['Solent', 'solent'],
      ['Calder', 'calder'],
      ['Foxglove', 'foxglove'],
    ],
    clientTrades: ['Rail plc', 'Foods Ltd', 'Water plc', 'Shipping Ltd'],
  },
  {
    name: 'Switzerland',
    country: 'Switzerland',
    zone: 'Europe/Zurich',
    currency: 'CHF',
    language: 'de',
    firstNames: [
      ['Reto', 'reto'],
      ['Ladina', 'ladina'],
      ['Aurélie', 'aurelie'],
      ['Noé', 'noe'],
    ],
    lastNames: [
      ['Ämisegger', 'aemisegger'],
      ['Favre', 'favre'],
      ['Zgraggen', 'zgraggen'],
      ['Bühlmann', 'buehlmann'],
    ],
    clientStems: [
      ['Zähringer', 'zaehringer'],
      ['Alpstein', 'alpstein'],
      ['Léman', 'leman'],
      ['Säntis', 'saentis'],
    ],
    clientTrades: ['Präzision AG', 'Privatbank', 'Pharma SA'],
  },
  {
    name: 'Japan',
    country: '日本',
    zone: 'Asia/Tokyo',
    currency: 'JPY',
    language: 'ja',
    familyNameFirst: true,
    firstNames: [
      ['結衣', 'yui'],
      ['大翔', 'hiroto'],
      ['さくら', 'sakura'],
      ['健一', 'kenichi'],
      ['美咲', 'misaki'],
    ],
    lastNames: [
      ['田中', 'tanaka'],
      ['佐藤', 'sato'],
      ['鈴木', 'suzuki'],
      ['渡辺', 'watanabe'],
      ['伊藤', 'ito'],
    ],
    clientStems: [
      ['東京計測', 'tokyo-keisoku'],
      ['瀬戸内', 'setouchi'],
      ['北斗', 'hokuto'],
      ['富士見', 'fujimi'],
      ['みなと', 'minato'],
    ],
    clientTrades: ['機器株式会社', '海運株式会社', '製薬株式会社'],
  },
  {
    name: 'Brazil',
    country: 'Brasil',
    zone: 'America/Sao_Paulo',
    currency: 'USD',
    language: 'pt',
    firstNames: [
      ['João', 'joao'],
      ['Conceição', 'conceicao'],
      ['Thaís', 'thais'],
      ['Antônio', 'antonio'],
    ],
    lastNames: [
      ['Gonçalves', 'goncalves'],
      ['Araújo', 'araujo'],
      ['da Conceição', 'daconceicao'],
      ['Magalhães', 'magalhaes'],
    ],
    clientStems: [
      ['Açúcar União', 'acucar-uniao'],
      ['Ipê', 'ipe'],
      ['Guanabara', 'guanabara'],
      ['São Bento', 'sao-bento'],
    ],
    clientTrades: ['Agroindustrial S.A.', 'Telecom Ltda.', 'Mineração S.A.'],
  },
  {
    name: 'Gulf',
    country: 'الإمارات',
    zone: 'Asia/Dubai',
    currency: 'USD',
    language: 'ar',
    firstNames: [
      ['ليلى', 'layla'],
      ['يوسف', 'yousef'],
      ['نور', 'nour'],
    ],
    lastNames: [
      ['الحداد', 'alhaddad'],
      ['المنصوري', 'almansoori'],
      ['خليل', 'khalil'],
    ],
    clientStems: [
      ['شركة النور', 'alnoor'],
      ['الواحة', 'alwaha'],
      ['مرجان', 'marjan'],
    ],
    clientTrades: ['للتجارة', 'للطيران', 'القابضة'],
  },
];
