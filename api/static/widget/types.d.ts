/** Types of the chat contract and between the widget's modules, for editors and `tsc`; no browser fetches this file. */
type Child = Node | string | number | null | undefined | false;
/** Unknown JSON. */
type Json = { [key: string]: any };
type Choice = { id: string; title: string };
type Source = { title: string; url: string; checked_on: string };
type Message = {
  id: string; sender: 'bot' | 'user'; kind: string; text: string; topic?: string | null; choices?: Choice[];
  /**
   * Depends on the kind. `lang` (and `dir`) when the text is not Swedish, `lead` what remains to be read where cards are
   * drawn, `example` when it is example data, `easy` when easy Swedish was switched on or off, `held_until` until when a
   * time is held (ISO 8601), or null when none is any more.
   */
  data?: Json | null;
  source?: Source | null; created_at?: string;
  /** The thumb that somebody gave it. */
  feedback?: Thumb | null;
};
type Conversation = { id: string; token: string };
/** As the browser keeps it: `heard` counts the messages, so that other tabs notice a new one. */
type KeptConversation = Conversation & { heard?: number };
/** What the page is about: a topic's id, an occupation's slug, a municipality's name. */
type Start = { topic?: string; occupation?: string; place?: string };
type Turn = { text: string; client_id: string } | { choice: string; client_id: string };
/** `client_id` is empty until the text has been sent. */
type Draft = { text: string; client_id: string };
/** How somebody likes it: text size as a step (0–3), and whether answers are read aloud. */
type Look = { size: number; aloud: boolean };
/** Label and value; an empty value is not shown. */
type Fact = [string, Child];
type Card = { title?: string; url?: unknown; text?: string; facts?: Fact[]; more?: Fact[]; actions?: Child[] };
type CardMaker = (item: Json, links: Links) => Card;
type Thumb = 'up' | 'down';
/** From where something was said: `isTyped` in the field, `group` of buttons. */
type From = { isTyped?: boolean; group?: HTMLElement };
type LogActions = {
  announcer: Announcer;
  choose(choice: Choice, group: HTMLElement): void;
  /** Resolves to whether the value was saved. */
  rate(message: Message, value: Thumb, comment?: string): Promise<boolean>;
  readAloud(message: Message): void;
  /** Easy Swedish was switched on or off by an answer. */
  setEasy(on: boolean): void;
  /** A time is held until then, or none any more when empty. */
  hold(until: string): void;
  /** The messages are gone. */
  forgetUnread(): void;
};
type PanelActions = {
  announcer: Announcer;
  close(): void; download(): void; remove(): void; human(): void; submit(): void; edited(): void; rest(): void;
  toggleEasy(): void; toggleAloud(): void; resize(step: number): void;
};
/** What the conversation asks of the window around it. */
type TalkActions = { rest(): void; arrived(first: HTMLElement | undefined, messages: Message[]): void };
type Settings = { title: string; api: string; contact: string; announcer: string; start: Start };
type AddStyles = (root: ShadowRoot, css: string) => void;
/** What the loader hands to the chat. */
type Context = {
  host: HTMLElement; frame: HTMLElement; launcher: HTMLElement; settings: Settings; addStyles: AddStyles;
};
type Links = import('./dom.js').Links;
type Log = import('./log.js').Log;
type Panel = import('./panel.js').Panel;
type Announcer = import('./announcer.js').Announcer;
