import type { getDocumentProxy } from 'unpdf';
import type { OperatorList } from './pdfOperators.ts';

/** More operators than this no page has; one whose forms hold each other twice over has as many as one likes. */
const MAX_OPERATORS = 400_000;

/** The library's number for leaving annotations out of a page. */
const WITHOUT_ANNOTATIONS = 0;

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>['getPage']>>;

/** How the library takes a page's operators, some at a time. It gives no turn to timers meanwhile, so that a page is
 *  stopped here or not at all. */
interface TakesChunks {
  _renderPageChunk(chunk: { readonly length: number }, state: unknown): void;
}

/** What a page's program says; null where it says too much, or goes on for too long.
 *  @param until by the clock of `performance`, in milliseconds */
export function operatorsOf(page: Page, until: number): Promise<OperatorList | null> {
  const taking = page as unknown as TakesChunks;
  const take = taking._renderPageChunk;
  let count = 0;
  return new Promise((resolve, reject) => {
    taking._renderPageChunk = (chunk, state) => {
      count += chunk.length;
      if (count > MAX_OPERATORS || performance.now() > until) resolve(null);
      else take.call(page, chunk, state);
    };
    page.getOperatorList({ annotationMode: WITHOUT_ANNOTATIONS }).then(resolve, reject);
  });
}
