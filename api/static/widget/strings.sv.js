/** What the chat itself says. (The launcher's texts are in loader.js.) */
/** @type {{[status: string]: string}} */
const status = { full: 'Fullt just nu', cancelled: 'Inställd' };
/** @type {{[type: string]: string}} */
const meetingType = {
  phone: 'Telefon', video: 'Videomöte', on_site: 'På plats', onsite: 'På plats', visit: 'På plats',
};

export const S = {
  subtitle: 'Automatisk assistent (AI)',
  menu: 'Meny',
  accessibility: 'Tillgänglighet',
  privacy: 'Dina uppgifter',
  aboutYou: 'Svara på tre frågor om dig (frivilligt)',
  close: 'Stäng chatten',
  closeShort: 'Stäng',
  size: 'Textstorlek',
  smaller: 'Mindre text',
  larger: 'Större text',
  /** @param {number} n */
  sizeNow: (n) => `Textstorlek ${n} procent`,
  aloud: 'Läs upp svaren',
  listen: 'Lyssna på svaret',
  download: 'Ladda ner samtalet',
  downloadName: 'samtal-industrivagledaren.txt',
  remove: 'Ta bort samtalet',
  removeAsk:
    'Vill du ta bort hela samtalet? Det går inte att ångra. ' +
    'Frågor som du har skickat till oss härifrån tas också bort, även om ingen har svarat.',
  removeYes: 'Ja, ta bort',
  removeNo: 'Nej, behåll',
  removed: 'Samtalet är borttaget. Här börjar ett nytt.',
  removedElsewhere: 'Samtalet ändrades i en annan flik.',
  conversation: 'Samtalet',
  bot: 'Assistenten',
  user: 'Du',
  easy: 'Lätt svenska',
  easyOff: 'Vanlig svenska',
  human: 'Prata med en människa',
  humanMessage: 'Jag vill prata med en människa',
  label: 'Skriv din fråga',
  hint: 'Skriv inte personnummer eller uppgifter om hälsa.',
  send: 'Skicka',
  /** @param {number} n */
  left: (n) => `${n} tecken kvar`,
  /** @param {number} n */
  over: (n) => `${n} tecken för långt. Korta texten innan du skickar.`,
  typing: 'Assistenten skriver …',
  /** @param {number} n */
  held: (n) => `Tiden är reserverad för dig i ${n} ${n === 1 ? 'minut' : 'minuter'} till.`,
  retry: 'Försök igen',
  contactLink: 'Kontakta vägledningen',
  plainLink: 'Öppna den enkla chatten',
  offline: 'Vi når inte assistenten. Det du skrev finns kvar, och vi försöker igen.',
  failed: 'Något gick fel hos oss. Försök igen om en stund.',
  renewed: 'Det tidigare samtalet finns inte längre. Här börjar ett nytt.',
  choose: 'Välj ett svar',
  chooseTime: 'Välj en tid',
  /** @param {number} n */
  spokenChoices: (n) => (n === 1 ? 'Du kan välja ett svar.' : `Du kan välja mellan ${n} svar.`),
  /** @param {number} n */
  unread: (n) => (n === 1 ? '1 nytt svar' : `${n} nya svar`),
  feedback: 'Var svaret bra?',
  up: 'Bra svar',
  down: 'Inte bra svar',
  thanks: 'Tack, vi har sparat vad du tyckte.',
  why: 'Berätta gärna varför (frivilligt)',
  sendWhy: 'Skicka kommentar',
  /** @param {string} title @param {string} day */
  source: (title, day) => `Källa: ${title}` + (day && `, kontrollerad ${day}`),
  newTab: ' (öppnas i ny flik)',
  example: 'Exempeldata',
  more: 'Mer om yrket',
  /** @param {number} n */
  showMore: (n) => `Visa fler (${n})`,
  /** @param {number} n */
  total: (n) => `Totalt ${n} resultat.`,
  /** @param {string} n */
  credits: (n) => `${n} poäng`,
  /** @param {string} time */
  clock: (time) => `kl.\u00a0${time}`,
  /** @param {number | string} n */
  km: (n) => `${n} km`,
  /** @param {string} n */
  percent: (n) => `${n} %`,
  /** @param {number} n */
  daysLeft: (n) => (n < 0 ? 'har passerat' : n === 0 ? 'sista dagen i dag' : n === 1 ? '1 dag kvar' : `${n} dagar kvar`),
  fullTime: 'Heltid (100 %)',
  yes: 'Ja',
  continuous: 'Löpande, du kan börja när det passar',
  status,
  meetingType,
  waitingList: 'Fullt, men du kan ställa dig i kö',
  forWork: 'Dig som har ett jobb',
  fact: {
    node: 'Ort', forWork: 'För', start: 'Start', end: 'Slut', applyTo: 'Sök senast', pace: 'Takt',
    distance: 'Distans', length: 'Omfattning', status: 'Status', km: 'Avstånd', hours: 'Öppettider', address: 'Adress',
    employer: 'Arbetsgivare', place: 'Plats', when: 'När', reference: 'Bokningskod', meeting: 'Mötesform',
    counsellor: 'Vägledare', name: 'Namn', contact: 'Kontakt',
    placesLeft: 'Platser kvar', signUp: 'Sista dag att anmäla sig',
    interpreter: 'Tolk', language: 'Språk', demands: 'Det här krävs', society: 'Det här ger jobbet samhället', paths: 'Vägar vidare',
  },
  /** @param {string} number */
  call: (number) => `Ring ${number}`,
  manage: 'Ändra eller avboka',
  calendar: 'Lägg till i kalendern',
};
