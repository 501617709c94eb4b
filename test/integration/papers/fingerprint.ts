import { createHash } from 'node:crypto';
import type { Paper } from '../../../src/domain/paper.ts';

/** What a reader of a paper would check, as hashes: the papers themselves may not be part of this repository. */
export interface Fingerprint {
  title: string;
  authors: string;
  /** Of the first and of the last 40 characters of the abstract. */
  abstractBegins: string;
  abstractEnds: string;
  headings: string;
  references: number;
}

/** Hashes a paper's title, authors, ends of the abstract and headings, each normalised to NFKC and single spaces. */
export function fingerprintOf(
  paper: Pick<Paper, 'title' | 'authors' | 'abstract' | 'sections' | 'references'>,
): Fingerprint {
  const abstract = normalised(paper.abstract);
  return {
    title: hash(paper.title),
    authors: hash(paper.authors.join('\n')),
    abstractBegins: hash(abstract.slice(0, 40)),
    abstractEnds: hash(abstract.slice(-40)),
    headings: hash(paper.sections.map((section) => normalised(section.heading)).join('; ')),
    references: paper.references.length,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(normalised(text)).digest('hex').slice(0, 32);
}

function normalised(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim();
}
