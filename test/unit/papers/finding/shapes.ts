/** What the services answer, in the shapes that their documentation shows; the works are made up. */

/** The shape of https://info.arxiv.org/help/api/user-manual.html (3.3, 3.4): titles and summaries broken over lines, a version
 *  at the id's end, a feed with a title and an id of its own. */
export const arxivFeed = (entries: string): string => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title xmlns="http://www.w3.org/2005/Atom">ArXiv Query: search_query=all:socks&amp;id_list=&amp;start=0&amp;max_results=20</title>
  <id xmlns="http://www.w3.org/2005/Atom">http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <link xmlns="http://www.w3.org/2005/Atom" href="http://arxiv.org/api/query?search_query=all:socks" rel="self" type="application/atom+xml"/>
  <updated xmlns="http://www.w3.org/2005/Atom">2026-10-08T00:00:00-04:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1000</opensearch:totalResults>
${entries}
</feed>
`;

export const arxivEntry = (id: string, title: string): string => `  <entry xmlns="http://www.w3.org/2005/Atom">
    <id xmlns="http://www.w3.org/2005/Atom">http://arxiv.org/abs/${id}</id>
    <published xmlns="http://www.w3.org/2005/Atom">2024-07-07T13:46:39-04:00</published>
    <updated xmlns="http://www.w3.org/2005/Atom">2025-07-07T13:46:39-04:00</updated>
    <title xmlns="http://www.w3.org/2005/Atom">${title}</title>
    <summary xmlns="http://www.w3.org/2005/Atom">  Socks that are alike are
found in pairs, with a &lt; 3 % loss.
</summary>
    <author xmlns="http://www.w3.org/2005/Atom">
      <name xmlns="http://www.w3.org/2005/Atom">Ada Weaver</name>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Institute of Drawers</arxiv:affiliation>
    </author>
    <author xmlns="http://www.w3.org/2005/Atom">
      <name xmlns="http://www.w3.org/2005/Atom">Björn Knäuel</name>
    </author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/Socks.7</arxiv:doi>
    <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">J. Socks 7 (2024) 1-9</arxiv:journal_ref>
    <link xmlns="http://www.w3.org/2005/Atom" href="http://arxiv.org/pdf/${id}" rel="related" title="pdf"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>`;

/** Errors are entries too. Source: the same, 3.4. */
export const arxivError = arxivFeed(`  <entry xmlns="http://www.w3.org/2005/Atom">
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_1234.12345</id>
    <title>Error</title>
    <summary>incorrect id format for 1234.12345</summary>
    <author><name>arXiv api core</name></author>
  </entry>`);

/** The shape of https://api.semanticscholar.org/api-docs/graph (FullPaper). */
export const scholarWork = (paperId: string, title: string, more: object = {}) => ({
  paperId,
  externalIds: { DOI: '10.1000/SOCKS.7', ArXiv: '2407.00001', CorpusId: 7 },
  url: `https://www.semanticscholar.org/paper/${paperId}`,
  title,
  abstract: null,
  venue: 'Journal of Socks',
  year: 2024,
  citationCount: 12,
  authors: [
    { authorId: '1', name: 'A. Weaver' },
    { authorId: null, name: 'B. Knäuel' },
  ],
  ...more,
});

/** `/paper/search`; without `data` where nothing is found. */
export const scholarSearch = (...works: object[]) => ({
  total: works.length,
  offset: 0,
  ...(works.length > 0 && { data: works }),
});

/** The shape of https://developers.openalex.org/api-reference/works (Work). */
export const alexWork = (id: string, title: string, more: object = {}) => ({
  id: `https://openalex.org/${id}`,
  doi: 'https://doi.org/10.1000/socks.7',
  display_name: title,
  publication_year: 2025,
  authorships: [
    { author_position: 'first', author: { id: 'https://openalex.org/A1', display_name: 'Ada Weaver', orcid: null } },
  ],
  abstract_inverted_index: { Socks: [0, 3], are: [1], 'alike.': [2] },
  cited_by_count: 14,
  primary_location: {
    landing_page_url: 'https://doi.org/10.1000/socks.7',
    source: { id: 'https://openalex.org/S1', display_name: 'Journal of Socks' },
  },
  ...more,
});

/** A list. Source: https://developers.openalex.org/api-reference/works (meta, results) */
export const alexList = (...works: object[]) => ({
  meta: { count: works.length, db_response_time_ms: 20, page: 1, per_page: 25 },
  results: works,
});
