import type { ChangeSet, Item, RunPulse, SessionHead, ToPage } from './messages.ts';

/** All that the page shows. */
export interface PageState {
  /** undefined: the extension host has not spoken yet; null: there is no session. */
  head: SessionHead | null | undefined;
  items: readonly Item[];
  /** The words of the message being written, by the agent's task. */
  writing: { call: string; text: string } | null;
  /** Change sets whose hunks were asked for, by id. */
  changeSets: ReadonlyMap<string, ChangeSet>;
  /** What the runs that go on show of themselves, by id. */
  pulses: Readonly<Record<string, RunPulse>>;
  /** Counts what was refused, so that a pressed button becomes free again. */
  refusals: number;
}

export function newPage(): PageState {
  return { head: undefined, items: [], writing: null, changeSets: new Map(), pulses: {}, refusals: 0 };
}

/** The page after a message; parts that did not change stay the same objects, so that they are not drawn again. */
export function receive(page: PageState, message: ToPage): PageState {
  switch (message.type) {
    case 'session':
      return { ...newPage(), head: message.head, items: message.items };
    case 'changed':
      return { ...page, head: message.head, items: replaced(page.items, message.items) };
    case 'writing':
      return { ...page, writing: message.text === '' ? null : { call: message.call, text: message.text } };
    case 'changeSet':
      return { ...page, changeSets: new Map(page.changeSets).set(message.changes.id, message.changes) };
    case 'pulses':
      return { ...page, pulses: message.pulses };
    case 'refused':
      return { ...page, refusals: page.refusals + 1 };
  }
}

function replaced(items: readonly Item[], changed: readonly { place: number; item: Item }[]): Item[] {
  const next = [...items];
  for (const { place, item } of changed) next[place] = item;
  return next;
}
