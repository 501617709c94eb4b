import type { ChangeSet, Item, Mention, RunPulse, SessionHead, ToPage } from './messages.ts';

/** All that the page shows. */
export interface PageState {
  /** undefined: the extension host has not spoken yet; null: there is no session. */
  head: SessionHead | null | undefined;
  items: readonly Item[];
  /** What was written for the session before, and not sent. */
  draft: string;
  /** The words of the message being written, by the agent's task. */
  writing: { call: string; text: string } | null;
  /** Change sets whose hunks are known, by their id and by the gate that asks about them. */
  changeSets: ReadonlyMap<string, ChangeSet>;
  /** What the runs that go on show of themselves, by id. */
  pulses: Readonly<Record<string, RunPulse>>;
  /** What the last word after an `@` may stand for. */
  mentions: { word: string; found: readonly Mention[] };
  /** Counts what was refused, so that a pressed button becomes free again. */
  refusals: number;
}

export function newPage(): PageState {
  return {
    head: undefined,
    items: [],
    draft: '',
    writing: null,
    changeSets: new Map(),
    pulses: {},
    mentions: { word: '', found: [] },
    refusals: 0,
  };
}

/** The page after a message; parts that did not change stay the same objects, so that they are not drawn again. */
export function receive(page: PageState, message: ToPage): PageState {
  switch (message.type) {
    case 'session':
      return { ...newPage(), head: message.head, items: message.items, draft: message.draft ?? '' };
    case 'changed':
      return { ...page, head: message.head, items: replaced(page.items, message.items) };
    case 'writing':
      return { ...page, writing: message.text === '' ? null : { call: message.call, text: message.text } };
    case 'changeSet':
      return { ...page, changeSets: withChanges(page.changeSets, message) };
    case 'pulses':
      return { ...page, pulses: message.pulses };
    case 'mentions':
      return { ...page, mentions: message };
    case 'focus':
      return page;
    case 'refused':
      return { ...page, refusals: page.refusals + 1 };
  }
}

function withChanges(
  known: PageState['changeSets'],
  { changes, gate }: Extract<ToPage, { type: 'changeSet' }>,
): PageState['changeSets'] {
  if (gate === undefined) return new Map(known).set(changes.id, changes);
  const next = new Map(known).set(gate, changes);
  // Hunks that are shown follow what is decided in the editor.
  return known.has(changes.id) ? next.set(changes.id, changes) : next;
}

function replaced(items: readonly Item[], changed: readonly { place: number; item: Item }[]): Item[] {
  const next = [...items];
  for (const { place, item } of changed) next[place] = item;
  return next;
}
