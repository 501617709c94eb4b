/** Small made-up tables, the same in every run of the suite. */

export interface Table {
  readonly train: string;
  readonly test: string;
  readonly labels: string;
  readonly ids: readonly string[];
  readonly answers: readonly string[];
  readonly testRows: readonly string[];
}

export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface TableShape {
  readonly trainRows?: number;
  readonly testRows?: number;
  readonly positive?: number;
  readonly separation?: number;
  readonly seed?: number;
}

/** Two classes; each of four columns says a little about the class. */
export function twoClasses(shape: TableShape = {}): Table {
  const { trainRows = 240, testRows = 240, positive = 0.5, separation = 0.8, seed = 7 } = shape;
  const random = generator(seed);
  const draw = (): { cells: string; label: string } => {
    const label = random() < positive ? 1 : 0;
    const cells = [0, 1, 2, 3].map(() => (normal(random) + separation * (2 * label - 1)).toFixed(6));
    return { cells: cells.join(','), label: String(label) };
  };
  const train = Array.from({ length: trainRows }, draw);
  const test = Array.from({ length: testRows }, draw);
  const ids = test.map((_, index) => `t${String(index).padStart(4, '0')}`);
  return assemble(
    train.map(({ cells, label }, index) => `r${String(index).padStart(4, '0')},${cells},${label}`),
    test.map(({ cells }, index) => `${ids[index]},${cells}`),
    ids,
    test.map(({ label }) => label),
  );
}

function assemble(train: string[], test: string[], ids: string[], answers: string[]): Table {
  const end = (header: string, rows: readonly string[]): string => `${header}\n${rows.join('\n')}\n`;
  return {
    train: end('id,x1,x2,x3,x4,label', train),
    test: end('id,x1,x2,x3,x4', test),
    labels: end(
      'id,label',
      ids.map((id, index) => `${id},${answers[index]}`),
    ),
    ids,
    answers,
    testRows: test,
  };
}

const NEUTRAL =
  'the a of on with near under over again often slowly red blue old new house river stone paper wind'.split(' ');
const GLAD = 'happy bright sweet kind merry lovely'.split(' ');
const SAD = 'gloomy bitter cruel dull weary lonely'.split(' ');

export interface Sentences {
  readonly train: readonly { text: string; label: string }[];
  readonly test: readonly { text: string; label: string }[];
}

/** Sentences of ten words. With a pool, both halves are drawn from it with repetition, as scraped text is. */
export function sentences(trainRows: number, testRows: number, pool = 0): Sentences {
  const random = generator(11);
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? '';
  const draw = (): { text: string; label: string } => {
    const label = random() < 0.5 ? 1 : 0;
    const words = Array.from({ length: 10 }, () => pick(NEUTRAL));
    for (const place of [1, 4, 8]) {
      if (random() < 0.7) words[place] = pick(random() < 0.85 === (label === 1) ? GLAD : SAD);
    }
    return { text: words.join(' '), label: String(label) };
  };
  const stock = Array.from({ length: pool }, draw);
  const next = (): { text: string; label: string } =>
    pool === 0 ? draw() : (stock[Math.floor(random() * pool)] ?? draw());
  return { train: Array.from({ length: trainRows }, next), test: Array.from({ length: testRows }, next) };
}
