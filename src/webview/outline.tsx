export interface OutlineEntry {
  /** Of the heading that it leads to. */
  readonly id: string;
  readonly name: string;
  readonly depth: number;
}

/** The headings of a paper; each leads to its place, and the keyboard goes along. */
export function Outline({ entries }: { entries: readonly OutlineEntry[] }) {
  return (
    <nav aria-label="Outline">
      <ul>
        {entries.map(({ id, name, depth }) => (
          <li key={id} style={{ '--depth': depth }}>
            <button type="button" class="link" onClick={() => goTo(id)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}
