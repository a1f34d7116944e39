/** Types of the chat contract and between the widget's modules. For editors only: no browser fetches this file. */
type Child = Node | string | number | null | undefined | false;
type Choice = { id: string; title: string };
type Source = { title: string; url: string; checked_on: string };
type Message = {
  id: string; sender: 'bot' | 'user'; kind: string; text: string; topic?: string | null; choices?: Choice[];
  /** Depends on the kind; `lang` when the text is not Swedish, `example` when it is example data. */
  data?: { [key: string]: any } | null;
  source?: Source | null; created_at?: string;
};
type Conversation = { id: string; token: string };
type Turn = { text: string; client_id: string } | { choice: string; client_id: string };
/** `client_id` is empty until the text has been sent. */
type Draft = { text: string; client_id: string };
/** Label and value; an empty value is not shown. */
type Fact = [string, string | Node];
type Card = { title?: string; url?: unknown; text?: string; facts?: Fact[]; actions?: Node[] };
type CardMaker = (item: any, links: Links) => Card;
type LogActions = {
  choose(choice: Choice, group: HTMLElement): void;
  /** Resolves to whether the value was saved. */
  rate(message: Message, value: 'up' | 'down'): Promise<boolean>;
};
type PanelHandlers = {
  close(): void; download(): void; remove(): void; human(): void; submit(): void; saveDraft(): void;
  announcer: Announcer;
};
type Settings = { title: string; api: string; contact: string; announcer: string };
/** What the loader hands to the chat. */
type Context = {
  host: HTMLElement; frame: HTMLElement; launcher: HTMLElement; settings: Settings;
  addStyles(root: ShadowRoot, css: string): void;
};
type Links = import('./dom.js').Links;
type Log = import('./log.js').Log;
type Announcer = import('./log.js').Announcer;
