import { useEffect, useState } from 'preact/hooks';

/** More places than these are not marked. */
const MOST = 2000;

/** A search in a page: marks every place, and goes from one to the next with Enter, back with Shift+Enter. Places are
 *  marked by the browser's own highlights, so that nothing of the text is touched. */
export function PaperSearch({ within }: { within: HTMLElement | null }) {
  const [words, setWords] = useState('');
  const [{ places, at }, set] = useState<{ places: readonly Range[]; at: number }>({ places: [], at: 0 });
  useEffect(() => set({ places: within ? placesOf(within, words) : [], at: 0 }), [within, words]);
  useEffect(() => mark(places, at), [places, at]);
  const step = (by: number): void => {
    if (places.length > 0) set({ places, at: (at + by + places.length) % places.length });
  };
  return (
    <search>
      <input
        type="search"
        value={words}
        placeholder="Search in this paper"
        aria-label="Search in this paper; Enter goes on, Shift+Enter back"
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
        onKeyDown={({ key, shiftKey }) => key === 'Enter' && step(shiftKey ? -1 : 1)}
      />
      <p class="quiet" role="status">
        {countWords(words, places.length, at)}
      </p>
    </search>
  );
}

function countWords(words: string, count: number, at: number): string {
  if (words.trim() === '') return '';
  if (count === 0) return 'Nothing found';
  return `${at + 1} of ${count}${count === MOST ? ' or more' : ''}`;
}

/** Where words stand, in capitals or not. */
function placesOf(element: HTMLElement, words: string): Range[] {
  const sought = words.trim().toLowerCase();
  const found: Range[] = [];
  if (sought === '') return found;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = (node.textContent ?? '').toLowerCase();
    for (let from = text.indexOf(sought); from !== -1; from = text.indexOf(sought, from + sought.length)) {
      if (found.length === MOST) return found;
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + sought.length);
      found.push(range);
    }
  }
  return found;
}

function mark(places: readonly Range[], at: number): void {
  const here = places[at];
  CSS.highlights.set('found', new Highlight(...places));
  CSS.highlights.set('here', new Highlight(...(here ? [here] : [])));
  here?.startContainer.parentElement?.scrollIntoView({ block: 'center' });
}
