import type { Paper } from '../domain/paper.ts';
import { type FloatKind, LatexCounters } from './latexCounters.ts';
import { type Extent, environmentsOf, isTyped } from './latexEnvironments.ts';
import { equationsOf, isDisplay } from './latexEquations.ts';
import { LatexFloats } from './latexFloats.ts';
import { LatexLabels, type Named, withReferences } from './latexLabels.ts';
import { isGrid, isLongTable, isTabular, longCaption, rowsOf } from './latexTables.ts';
import { argumentAt, plainLatex, shield } from './latexText.ts';

/** What a paper's source says between its abstract and its end. */
export interface LatexBody {
  /** Each with its source, in which what stands apart is shielded. */
  readonly sections: readonly { readonly heading: string; readonly source: string }[];
  /** Before the first heading. */
  readonly opening: string;
  readonly tables: NonNullable<Paper['tables']>;
  readonly figures: NonNullable<Paper['figures']>;
  readonly equations: NonNullable<Paper['equations']>;
  /** A part of the source as text, with the numbers of what it refers to. */
  textOf(source: string): string;
}

const TOKEN =
  /\\begin\s*\{(?<begin>[^{}]{1,60})\}|\\end\s*\{(?<end>[^{}]{1,60})\}|\\(?<level>chapter|section|subsection|subsubsection)(?<star>\*?)(?=\s*[[{])|\\(?<caption>caption|captionof|subcaption|subfloat|subfigure|subtable)(?<bare>\*?)(?=\s*[[{])|\\label\s*\{(?<label>[^{}]{0,300})\}|\\(?<word>appendix|iffalse|title|author|date|address|affiliation|email|keywords|icmltitle|icmlauthor)(?![A-Za-z])|\\(?:verb|lstinline)\*?(?<quote>[^A-Za-z\s*{[])|(?<display>\\\[|\$\$)|(?<inline>\$)|\\[\s\S]/g;

/** What is not shown, or no text. */
const UNSEEN = /^(?:comment|tikzpicture|pgfpicture|CCSXML|filecontents|abstract|asy|axis|forest)\*?$/;

/** Environments that take arguments, which are none of the text. */
const WITH_ARGUMENTS =
  /^(?:minipage|wrap(?:figure|table)|sub(?:figure|table)|SCfigure|adjustbox|multicols|spacing|algorithmic|adjustwidth|(?:figure|table|algorithm)|sideways(?:figure|table))\*?$/;

/** More than this of each no paper has. */
const MAX_SECTIONS = 500;
const MAX_EQUATIONS = 3000;

/** After so many headings and captions without an end, no more are looked for: each is looked for far. */
const MAX_UNCLOSED = 100;

/** The longest display and formula, and the longest part that is never set, that are looked for; characters. */
const MAX_FORMULA = 5000;
const MAX_UNSEEN = 100_000;

/** Reads the body of a paper: its sections with the numbers that LaTeX would give them, and what stands apart.
 *  @param preamble says how some of it is numbered */
export function readBody(body: string, preamble: string): LatexBody {
  return new BodyReader(body, preamble).read();
}

type Groups = Record<string, string | undefined>;

class BodyReader {
  readonly #source: string;
  readonly #extents: ReadonlyMap<number, Extent>;
  readonly #counters: LatexCounters;
  readonly #labels = new LatexLabels();
  readonly #floats: LatexFloats;
  readonly #equations: NonNullable<Paper['equations']> = [];
  readonly #sections: { heading: string; source: string }[] = [];
  /** What stands apart, as text once all numbers are known. */
  readonly #shielded: (() => string)[] = [];
  #names: ReadonlyMap<string, Named> = new Map();
  #opening: string | null = null;
  /** How many headings and captions had no end. */
  #unclosed = 0;
  #heading = '';
  #text = '';
  #from = 0;

  constructor(source: string, preamble: string) {
    this.#source = source;
    this.#extents = environmentsOf(source);
    this.#counters = new LatexCounters(preamble);
    this.#floats = new LatexFloats(this.#counters);
  }

  read(): LatexBody {
    const token = new RegExp(TOKEN);
    for (let found = token.exec(this.#source); found !== null; found = token.exec(this.#source)) {
      const next = this.#take(found.groups ?? {}, found.index, token.lastIndex);
      if (next !== null) token.lastIndex = Math.max(next, found.index + 1);
    }
    this.#put(this.#source.length, this.#source.length);
    this.#endSection();
    this.#names = this.#labels.named();
    const shielded = this.#shielded.map((text) => text());
    const textOf = (source: string) => plainLatex(withReferences(source, this.#names), shielded);
    return {
      sections: this.#sections.map(({ heading, source }) => ({
        heading: textOf(heading).replace(/\s+/g, ' '),
        source,
      })),
      opening: this.#opening ?? '',
      ...this.#floats.told(textOf),
      equations: this.#equations,
      textOf,
    };
  }

  /** @returns where to read on; null for behind the token */
  #take(groups: Groups, at: number, after: number): number | null {
    const { begin, end, level, caption, label, word, quote, display, inline } = groups;
    if (begin !== undefined) return this.#enter(begin.trim(), at, after);
    if (end !== undefined) return this.#leave(end.trim());
    if (this.#unclosed > MAX_UNCLOSED) return null;
    if (level !== undefined) return this.#section(level, groups.star === '*', at, after);
    if (caption !== undefined) return this.#caption(caption, groups.bare === '*', at, after);
    if (label !== undefined) this.#labels.label(label.trim());
    if (word !== undefined) return this.#word(word, at, after);
    if (quote !== undefined) return this.#typed(quote, at, after);
    if (display !== undefined) return this.#display(display, at, after);
    return inline === undefined ? null : this.#formula(at);
  }

  #enter(environment: string, at: number, after: number): number | null {
    const extent = this.#extents.get(at) ?? { end: after, next: after, closed: false };
    if (UNSEEN.test(environment)) return this.#put(at, extent.next);
    const content = this.#source.slice(after, extent.end);
    if (isTyped(environment)) {
      const code = content.slice(pastArguments(content, 0)).replace(/^\n|\s+$/g, '');
      return this.#put(at, extent.next, `\n\n${this.#shield(() => code)}\n\n`);
    }
    if (isTabular(environment)) return this.#put(at, extent.next, this.#table(environment, content));
    if (isDisplay(environment)) {
      const shown = extent.closed ? content : upToBlankLine(content);
      return this.#put(at, extent.closed ? extent.next : after + shown.length, this.#equationsIn(shown, environment));
    }
    if (environment === 'subequations') {
      const number = this.#counters.beginGroup();
      this.#labels.enter();
      this.#labels.numbered(() => ({ kind: 'equation', number }));
      return null;
    }
    this.#floats.begin(environment);
    this.#labels.enter();
    return WITH_ARGUMENTS.test(environment) ? this.#put(at, pastArguments(this.#source, after), '\n') : null;
  }

  #leave(environment: string): null {
    if (environment === 'subequations') this.#counters.endGroup();
    this.#floats.end(environment);
    this.#labels.leave();
    return null;
  }

  #section(level: string, isStarred: boolean, at: number, after: number): number | null {
    const optional = argumentAt(this.#source, after, '[', ']');
    const title = argumentAt(this.#source, optional?.end ?? after);
    if (title === null) this.#unclosed++;
    if (title === null || this.#sections.length >= MAX_SECTIONS) return null;
    this.#put(at, title.end);
    this.#endSection();
    const numbered = isStarred ? null : this.#counters.section(level);
    this.#heading = numbered === null ? title.text : `${numbered.number} ${title.text}`;
    this.#labels.begin(numbered && (() => numbered));
    for (const [, key = ''] of title.text.matchAll(/\\label\s*\{([^{}]{0,300})\}/g)) this.#labels.label(key.trim());
    return title.end;
  }

  #endSection(): void {
    this.#floats.endAll();
    if (this.#opening === null) this.#opening = this.#text;
    else this.#sections.push({ heading: this.#heading, source: this.#text });
    this.#text = '';
  }

  #caption(command: string, isBare: boolean, at: number, after: number): number | null {
    const said = command === 'captionof' ? argumentAt(this.#source, after) : null;
    const from = said?.end ?? after;
    const short = argumentAt(this.#source, from, '[', ']');
    const isPart = /^sub(?:float|figure|table)$/.test(command);
    // The short form of a caption is for a list of figures; a part's only one stands in brackets.
    const given = isPart ? short : argumentAt(this.#source, short?.end ?? from);
    if (given === null) this.#unclosed++;
    if (given === null) return null;
    const isOfPart = isPart || command === 'subcaption';
    const { before, target } = isOfPart
      ? this.#floats.part(given.text, { lettered: command === 'subcaption' })
      : this.#floats.caption(given.text, { said: kindSaid(said?.text), numbered: !isBare });
    this.#labels.numbered(target);
    for (const [, key = ''] of this.#source.slice(at, given.end).matchAll(/\\label\s*\{([^{}]{0,300})\}/g)) {
      this.#labels.label(key.trim());
    }
    return this.#put(at, given.end, `\n\nCaption: ${before === '' ? '' : `${before}: `}${given.text}\n\n`);
  }

  #word(word: string, at: number, after: number): number | null {
    if (word === 'appendix') {
      this.#counters.appendix();
      return null;
    }
    if (word === 'iffalse') {
      const end = this.#source.slice(after, after + MAX_UNSEEN).search(/\\fi(?![A-Za-z])/);
      return end < 0 ? null : this.#put(at, after + end + '\\fi'.length);
    }
    // The title and what belongs to it are read by themselves.
    return this.#opening === null && this.#sections.length === 0
      ? this.#put(at, pastArguments(this.#source, after))
      : null;
  }

  #typed(quote: string, at: number, after: number): number | null {
    const line = this.#source.slice(after, after + MAX_FORMULA).split('\n', 1)[0] ?? '';
    const end = line.indexOf(quote);
    if (end < 0) return null;
    const code = line.slice(0, end);
    return this.#put(
      at,
      after + end + 1,
      this.#shield(() => code),
    );
  }

  #display(mark: string, at: number, after: number): number | null {
    const shown = upToBlankLine(this.#source.slice(after, after + MAX_FORMULA));
    const close = mark === '$$' ? '$$' : '\\]';
    const end = shown.indexOf(close);
    if (end < 0) return null;
    return this.#put(at, after + end + close.length, this.#equationsIn(shown.slice(0, end), 'displaymath'));
  }

  /** A formula in a line is passed over: no mark in it is one of the text. */
  #formula(at: number): number | null {
    const formula = /\$(?:[^$\\]|\\[\s\S]){0,2000}\$/y;
    formula.lastIndex = at;
    const [found] = formula.exec(this.#source) ?? [];
    return found === undefined || /\n\s*\n/.test(found) ? null : at + found.length;
  }

  #equationsIn(source: string, environment: string): string {
    return equationsOf(source, environment)
      .map(({ text, tag, labels }) => {
        if (this.#equations.length >= MAX_EQUATIONS) return '';
        const number = tag === null ? this.#counters.equation() : tag;
        const label = number === undefined ? '' : plainLatex(number).replace(/^\((.*)\)$/, '$1');
        this.#equations.push({ ...(label !== '' && { label }), text });
        for (const key of labels) {
          this.#labels.label(key, label === '' ? null : () => ({ kind: 'equation', number: label }));
        }
        return `\n\n${this.#shield(() => `$$${text}$$${label === '' ? '' : ` (${label})`}`)}\n\n`;
      })
      .join('');
  }

  #table(environment: string, content: string): string {
    const long = isLongTable(environment) ? longCaption(content) : null;
    if (long !== null) this.#floats.begin(environment);
    const captioned =
      long === null || long.caption === null
        ? null
        : this.#floats.caption(long.caption, { said: null, numbered: long.numbered });
    const rows = once(() => {
      const read = rowsOf(long?.rest ?? content, environment, (text) => withReferences(text, this.#names));
      return isGrid(read) || isCaptioned() ? read : [];
    });
    const { isCaptioned } = this.#floats.table(rows);
    if (long !== null) this.#floats.end(environment);
    for (const key of long?.labels ?? []) this.#labels.label(key, captioned?.target ?? null);
    const caption = captioned === null ? '' : `Caption: ${captioned.before}: ${long?.caption ?? ''}\n\n`;
    return `\n\n${caption}${this.#shield(() =>
      rows()
        .map((row) => row.join(' | '))
        .join('\n'),
    )}\n\n`;
  }

  #shield(text: () => string): string {
    this.#shielded.push(text);
    return shield(this.#shielded.length - 1);
  }

  /** Puts a text in the place of a part of the source. */
  #put(from: number, to: number, text = ''): number {
    this.#text += this.#source.slice(this.#from, from) + text;
    this.#from = to;
    return to;
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function kindSaid(kind: string | undefined): FloatKind | null {
  const known = ['table', 'figure', 'algorithm', 'listing'] as const;
  return known.find((one) => one === kind?.trim()) ?? null;
}

/** Where the arguments that follow end: at most three, without a space between them. */
function pastArguments(source: string, from: number): number {
  let end = from;
  for (let count = 0; count < 3 && /[[{]/.test(source[end] ?? ''); count++) {
    const next = argumentAt(source, end, ...(source[end] === '[' ? (['[', ']'] as const) : []));
    if (next === null) break;
    end = next.end;
  }
  return end;
}

function upToBlankLine(source: string): string {
  const end = source.search(/\n[^\S\n]*\n/);
  return end < 0 ? source : source.slice(0, end);
}
