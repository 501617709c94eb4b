import type { AskedService } from './literature.ts';

/** What a model or a data set is looked for by. */
export interface HubQuery {
  readonly kind: 'models' | 'datasets';
  readonly words: string;
  /** As the Hub calls it, such as `text-classification`. */
  readonly task?: string | undefined;
  /** By its code, such as `en`. */
  readonly language?: string | undefined;
  /** As the Hub calls it, such as `apache-2.0`. */
  readonly licence?: string | undefined;
  /** Whether what needs its owner's leave is left out. */
  readonly open?: boolean | undefined;
  /** Most parameters of a model. */
  readonly parameters?: number | undefined;
  /** Most of them that are listed. */
  readonly most: number;
}

/** A model or a data set of the Hugging Face Hub, or of its cache on this machine. What a card says is its owner's word. */
export interface HubEntry {
  readonly kind: 'model' | 'dataset';
  readonly id: string;
  readonly source: 'local' | 'Hugging Face Hub';
  /** The commit that the facts are of; loading code names it. */
  readonly revision: string | null;
  /** Of a local one: the folder that holds it. */
  readonly path?: string;
  readonly tasks: readonly string[];
  readonly languages: readonly string[];
  /** Null where the card names none: then nobody may rely on any. */
  readonly licence: string | null;
  /** Whether its owner must be asked before it can be loaded. */
  readonly gated: boolean;
  readonly library: string | null;
  readonly parameters: number | null;
  /** On disk; of a model the weights. */
  readonly bytes: number | null;
  /** Rows of a data set, as the Hub calls them, such as `10K<n<100K`. */
  readonly rows: string | null;
  readonly downloads: number | null;
  /** What its card claims to have been measured. */
  readonly metrics: readonly { readonly dataset: string; readonly metric: string; readonly value: number }[];
  /** How it fits this machine and the budget; null where nothing of it is known. */
  readonly fit: HubFit | null;
  /** Python that loads this revision. */
  readonly code: string;
}

export interface HubFit {
  /** Of a model, `trains`: with Adam in full precision; `runs`: without training. Of a data set, `fits`: on this disk. */
  readonly verdict: 'trains' | 'runs' | 'fits' | 'too large';
  /** One sentence with the figures. */
  readonly why: string;
}

/** What there is to work with. Bytes. */
export interface Room {
  /** Memory of the place where it would run. */
  readonly memory: number;
  /** Which memory that is, for a sentence. */
  readonly where: string;
  readonly disk: number;
}

export interface FoundOnHub {
  readonly entries: readonly HubEntry[];
  readonly asked: readonly AskedService[];
}
