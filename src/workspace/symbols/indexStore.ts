import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Statement } from 'node-sqlite3-wasm';
import type { FileFacts, IndexedSymbol, SymbolText } from './facts.ts';
import type { ParsedFile } from './parseFile.ts';
import type { FoundFile } from './walkFiles.ts';
import type { Words } from './words.ts';

/** What is kept of a file to know whether it changed. */
export interface KnownFile {
  readonly id: number;
  readonly bytes: number;
  readonly changed: number;
  readonly hash: string;
}

/** A symbol that a search found, with the file it stands in. */
export interface FoundSymbol {
  readonly path: string;
  readonly language: string;
  readonly symbol: IndexedSymbol;
  readonly text: SymbolText;
}

/** Changes with the tables, the queries or the words: an index of another version is made anew. */
const VERSION = 2;
/** A symbol's row is its file's id times this, plus its place among the file's symbols. */
const SYMBOLS_A_FILE = 8192;

const TABLES = `
  create table files(id integer primary key, path text not null unique, bytes integer, changed real, hash text,
    language text, symbols integer, problem text, facts text);
  create table symbols(id integer primary key, symbol text not null, about text not null, says text not null);
  create virtual table words using fts5(name, doc, body, calls, content='', contentless_delete=1,
    tokenize="porter unicode61 remove_diacritics 0");
  pragma user_version = ${VERSION};
`;

/** The index on disk: a row a file, and a full-text row a symbol (SQLite's FTS5). One process writes at a time. */
export class IndexStore {
  readonly #db: Database;
  readonly #owner: string | null;
  readonly #put: Statement;
  readonly #word: Statement;
  readonly #symbol: Statement;
  readonly #unword: Statement;

  private constructor(db: Database, owner: string | null) {
    this.#db = db;
    this.#owner = owner;
    this.#put = db.prepare(
      'insert into files(path, bytes, changed, hash, language, symbols, problem, facts) values(?,?,?,?,?,?,?,?)',
    );
    this.#word = db.prepare('insert into words(rowid, name, doc, body, calls) values(?,?,?,?,?)');
    this.#symbol = db.prepare('insert into symbols(id, symbol, about, says) values(?,?,?,?)');
    this.#unword = db.prepare('delete from words where rowid >= ? and rowid < ?');
  }

  /** Opens the index in a folder, or makes it; one that is damaged or of another version is made anew.
   *  @param folder null keeps it in memory alone
   *  @param notice told in one sentence where something was made anew */
  static async open(folder: string | null, notice: (sentence: string) => void = () => undefined): Promise<IndexStore> {
    const { Database } = (await import('node-sqlite3-wasm')).default;
    if (folder === null || !ownIt(folder)) return new IndexStore(made(new Database(':memory:')), null);
    const file = join(folder, 'index.db');
    try {
      const found = existsSync(file) ? intact(new Database(file)) : null;
      if (found !== null) return new IndexStore(found, folder);
      if (existsSync(file)) notice(`${file} is of another version: the index is made anew.`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      notice(`${file} is damaged (${error.message}): the index is made anew.`);
    }
    removeIndex(folder);
    return new IndexStore(made(new Database(file)), folder);
  }

  close(): void {
    for (const statement of [this.#put, this.#word, this.#symbol, this.#unword]) statement.finalize();
    this.#db.close();
    if (this.#owner !== null) rmSync(join(this.#owner, 'owner'), { force: true });
  }

  /** Every file that the index holds, by its path. */
  known(): Map<string, KnownFile> {
    const rows = this.#db.all('select id, path, bytes, changed, hash from files') as unknown as (KnownFile & {
      path: string;
    })[];
    return new Map(rows.map(({ path, ...file }) => [path, file]));
  }

  /** Does everything or nothing. */
  transaction(work: () => void): void {
    this.#db.exec('begin');
    try {
      work();
      this.#db.exec('commit');
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  put(file: FoundFile, { hash, facts, words, text }: StoredFile): void {
    const { problem, symbols, language } = facts;
    const row = [file.path, file.bytes, file.changed, hash, language, symbols, problem, text];
    const id = Number(this.#put.run(row).lastInsertRowid) * SYMBOLS_A_FILE;
    for (const [i, own] of words.slice(0, SYMBOLS_A_FILE).entries()) {
      this.#symbol.run([id + i, own.symbol, own.about, own.body]);
      this.#word.run([id + i, own.name, own.doc, own.body, own.calls]);
    }
  }

  remove(id: number): void {
    const own = [id * SYMBOLS_A_FILE, (id + 1) * SYMBOLS_A_FILE];
    this.#unword.run(own);
    this.#db.run('delete from symbols where id >= ? and id < ?', own);
    this.#db.run('delete from files where id = ?', [id]);
  }

  /** A file that was touched and holds what it held. */
  touch(id: number, { bytes, changed }: FoundFile): void {
    this.#db.run('update files set bytes = ?, changed = ? where id = ?', [bytes, changed, id]);
  }

  counts(): { files: number; symbols: number; languages: Record<string, number> } {
    const rows = this.#db.all(
      'select language, count(*) as n, sum(symbols) as s from files group by language',
    ) as unknown as {
      language: string;
      n: number;
      s: number;
    }[];
    return {
      files: rows.reduce((sum, { n }) => sum + n, 0),
      symbols: rows.reduce((sum, { s }) => sum + s, 0),
      languages: Object.fromEntries(
        rows.map(({ language, n }) => [language, n]).sort((a, b) => Number(b[1]) - Number(a[1])),
      ),
    };
  }

  /** Files of which something was left out, and why. */
  problems(): { path: string; problem: string }[] {
    const rows = this.#db.all('select path, problem from files where problem is not null order by path');
    return rows.map(({ path, problem }) => ({ path: String(path), problem: String(problem) }));
  }

  /** Says that what is stored is whole, or that it is being changed: an index whose writer died is made anew. */
  mark(whole: boolean): void {
    this.#db.exec(`pragma user_version = ${whole ? VERSION : 0}`);
  }

  /** Files with what they hold, in the order of their paths. */
  *files(): Generator<{ path: string; facts: FileFacts }> {
    const every = this.#db.prepare('select id, path, facts from files order by path');
    try {
      for (const row of every.iterate()) {
        const from = Number(row.id) * SYMBOLS_A_FILE;
        const rows = this.#db.all('select symbol from symbols where id >= ? and id < ? order by id', [
          from,
          from + SYMBOLS_A_FILE,
        ]);
        const symbols = rows.map(({ symbol }): IndexedSymbol => JSON.parse(String(symbol)));
        yield { path: String(row.path), facts: { ...JSON.parse(String(row.facts)), symbols } };
      }
    } finally {
      every.finalize();
    }
  }

  /** The symbols that a full-text query finds, best first by BM25 (Robertson and Zaragoza, 2009) as SQLite computes it;
   *  a word in a name counts most, then one in the documentation, in the code, and in the name of what is called. */
  match(query: string, most: number): FoundSymbol[] {
    const ranked = 'select rowid as id from words where words match ? order by bm25(words, 8.0, 2.0, 1.0, 0.1) limit ?';
    const named = `select f.path, f.language, s.symbol, s.about, s.says from (${ranked}) r
      join symbols s on s.id = r.id join files f on f.id = r.id / ${SYMBOLS_A_FILE}`;
    return this.#db.all(named, [query, most]).map(({ path, language, symbol, about, says }) => {
      const text = { about: String(about), says: String(says) };
      return { path: String(path), language: String(language), symbol: JSON.parse(String(symbol)), text };
    });
  }

  /** How many symbols a full-text query finds, counted no further than a limit. */
  matches(query: string, limit: number): number {
    const found = 'select count(*) as n from (select rowid from words where words match ? limit ?)';
    return Number(this.#db.get(found, [query, limit])?.n ?? 0);
  }

  /** All symbols, each file's own entry among them. */
  size(): number {
    return Number(this.#db.get('select count(*) as n from symbols')?.n ?? 0);
  }
}

/** A parsed file as it is stored: its facts as text, and how many symbols they hold. */
export interface StoredFile {
  readonly hash: string;
  readonly facts: { readonly language: string; readonly symbols: number; readonly problem: string | null };
  /** A symbol each: as text, and what it is found by. */
  readonly words: readonly (Words & { readonly calls: string; readonly symbol: string; readonly about: string })[];
  readonly text: string;
}

/** Written where the parsing is done, so that the one who stores has little to do. */
export function stored({ hash, facts, words, texts }: ParsedFile): StoredFile {
  const { language, problem, symbols } = facts;
  return {
    hash,
    words: words.map((own, i) => {
      const calls = (symbols[i]?.calls ?? []).join(' ');
      return { ...own, calls, symbol: JSON.stringify(symbols[i]), about: texts[i]?.about ?? '' };
    }),
    facts: { language, problem, symbols: symbols.filter(({ kind }) => kind !== 'file').length },
    text: JSON.stringify({ ...facts, symbols: [] }),
  };
}

function made(db: Database): Database {
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -32000; pragma page_size = 8192');
  db.exec(TABLES);
  return db;
}

/** @throws Error where the file is no database or lacks pages */
function intact(db: Database): Database | null {
  try {
    const version = db.get('pragma user_version')?.user_version;
    if (Number(version) === VERSION) {
      db.exec('pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -32000');
      db.get('select count(*) from files where facts is null');
      db.get("select count(*) from words where words match 'mlr'");
      return db;
    }
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return null;
}

function removeIndex(folder: string): void {
  for (const name of ['index.db', 'index.db.lock', 'index.db-journal']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether this process is the one that writes the index; a lock that a dead one left is taken away. */
function ownIt(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'owner');
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isAlive(owner)) return false;
  rmSync(join(folder, 'index.db.lock'), { recursive: true, force: true });
  writeFileSync(file, String(process.pid));
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
