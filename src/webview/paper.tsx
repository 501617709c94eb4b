import { useState } from 'preact/hooks';
import type { ShownPaper } from './messages.ts';
import { Outline, type OutlineEntry } from './outline.tsx';
import { PaperSearch } from './paperSearch.tsx';

interface PaperProps {
  readonly paper: ShownPaper;
  readonly file: string;
  /** @param selection words of the paper that are marked; '' for none */
  readonly onAsk: (selection: string) => void;
  readonly onOpen: () => void;
}

/** A paper as it was read: its outline, its text, its tables and references, and a search in all of it. Whatever it says
 *  becomes text, never elements. */
export function PaperPage({ paper, file, onAsk, onOpen }: PaperProps) {
  const [body, setBody] = useState<HTMLElement | null>(null);
  return (
    <div class="reader">
      <aside>
        <PaperSearch within={body} />
        <Outline entries={outlineOf(paper)} />
      </aside>
      <main ref={setBody}>
        <header>
          <h1>{paper.title || file}</h1>
          {paper.authors.length > 0 && <p>{paper.authors.join(', ')}</p>}
          <p class="quiet">{factsOf(paper, file)}</p>
          <div class="buttons">
            <button type="button" onClick={() => onAsk(String(window.getSelection() ?? '').trim())}>
              Ask about this paper
            </button>
            <button type="button" class="secondary" onClick={onOpen}>
              Open the file
            </button>
          </div>
          <Notices paper={paper} />
          <Hidden paper={paper} />
        </header>
        {paper.abstract !== '' && <Section id="abstract" heading="Abstract" text={paper.abstract} />}
        {paper.sections.map(({ heading, text, page }, i) => (
          <Section key={i} id={`section-${i}`} heading={heading} text={text} page={page} />
        ))}
        <Tables paper={paper} />
        <References paper={paper} />
      </main>
    </div>
  );
}

function outlineOf({ abstract, sections, tables = [], references }: ShownPaper): OutlineEntry[] {
  return [
    ...(abstract === '' ? [] : [{ id: 'abstract', name: 'Abstract', depth: 0 }]),
    ...sections.map(({ heading }, i) => ({ id: `section-${i}`, name: heading || 'Untitled', depth: depthOf(heading) })),
    ...(tables.length === 0 ? [] : [{ id: 'tables', name: `Tables (${tables.length})`, depth: 0 }]),
    ...(references.length === 0 ? [] : [{ id: 'references', name: `References (${references.length})`, depth: 0 }]),
  ];
}

/** How deep a heading lies, as its number says: 0 for “3 Method”, 1 for “3.1 Data”. */
export function depthOf(heading: string): number {
  const number = /^(?:\d+|[A-Z])((?:\.\d+)*)\.?\s/.exec(heading);
  return number?.[1]?.match(/\./g)?.length ?? 0;
}

function factsOf({ pages, references, code = [] }: ShownPaper, file: string): string {
  const counts = [
    pages > 0 ? `${pages} ${pages === 1 ? 'page' : 'pages'}` : '',
    `${references.length} references`,
    code.length > 0 ? `names code: ${code.join(', ')}` : '',
  ];
  return [file, ...counts.filter((one) => one !== '')].join(' · ');
}

function Section({
  id,
  heading,
  text,
  page,
}: {
  id: string;
  heading: string;
  text: string;
  page?: number | undefined;
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} tabIndex={-1} data-depth={depthOf(heading)}>
        {heading || 'Untitled'}
        {page !== undefined && <span class="quiet page-number">page {page}</span>}
      </h2>
      {text.split(/\n\s*\n/).map((paragraph, i) => (
        <p key={i}>{paragraph}</p>
      ))}
    </section>
  );
}

/** What whoever read it wants told: a part that could not be read, say. */
function Notices({ paper: { notices = [] } }: { paper: ShownPaper }) {
  if (notices.length === 0) return null;
  return (
    <ul class="notices" aria-label="What to know about this reading">
      {notices.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

/** What a paper says and shows to nobody: told first, since it may be meant for a reader machine. */
function Hidden({ paper: { hidden = [] } }: { paper: ShownPaper }) {
  if (hidden.length === 0) return null;
  return (
    <details class="hidden-words">
      <summary>
        {hidden.length === 1 ? 'One passage is' : `${hidden.length} passages are`} hidden in the file and left out
      </summary>
      <ul>
        {hidden.map(({ page, how, text }, i) => (
          <li key={i}>
            {text} <span class="quiet">{`${how}, page ${page}`}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Tables({ paper: { tables = [] } }: { paper: ShownPaper }) {
  if (tables.length === 0) return null;
  return (
    <section aria-labelledby="tables">
      <h2 id="tables" tabIndex={-1}>
        Tables
      </h2>
      {tables.map(({ label, caption, rows }, i) => (
        <figure key={i}>
          <figcaption>
            <strong>{label}</strong> {caption}
          </figcaption>
          {rows.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
            <section class="scrolls" tabIndex={0} aria-label={label}>
              <table>
                <tbody>
                  {rows.map((row, j) => (
                    <tr key={j}>
                      {row.map((cell, k) => (
                        <td key={k}>{cell}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </figure>
      ))}
    </section>
  );
}

function References({ paper: { references } }: { paper: ShownPaper }) {
  if (references.length === 0) return null;
  return (
    <section aria-labelledby="references">
      <h2 id="references" tabIndex={-1}>
        References
      </h2>
      <ul class="references">
        {references.map(({ label, text }, i) => (
          <li key={i}>
            <span class="quiet">{label ?? i + 1}</span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
