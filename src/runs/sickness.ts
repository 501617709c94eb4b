/** What a run's output shows of it while it goes on, each told once. */
export interface Symptom {
  readonly kind: 'not-a-number' | 'divergence' | 'error' | 'silence';
  /** A sentence without a subject: "its loss became NaN: …". */
  readonly text: string;
}

/** A number that is being minimized, as training scripts print it: `loss: 0.31`, `"train_loss": NaN`, `loss=inf`. */
const LOSS =
  /(?<![A-Za-z])((?:[a-z]+[_ /.])?(?:loss|nll|perplexity|ppl|cross_entropy))["']?\s*(?:[:=]|is)?\s*["']?([-+]?(?:nan|inf(?:inity)?|\d+(?:\.\d+)?(?:e[-+]?\d+)?))(?![\w.])/gi;

/** A first line of what ends most programs; one that goes on after it has lost a worker, or waits for one. */
const BROKEN = /^(?:Traceback \(most recent call last\):|Segmentation fault|terminate called |Killed$)/;

/** Losses are compared with the best one only after so many, and only where they rose steadily to so many times of it. */
const LOSSES = 20;
const RISING = 5;
const RISE = 10;

/** An error that is handled is followed by more output soon. Milliseconds. */
const AFTER_ERROR = 30_000;
/** Silence is told after so long, and so many times what lay between two outputs before. Milliseconds. */
const SILENCE = 5 * 60_000;
const RHYTHM = 30;
/** Outputs before there is a rhythm. */
const OUTPUTS = 5;

/** A line longer than this is none that a person would read. Characters. */
const LINE = 2_000;

/**
 * Reads a run's output as it comes, for what a person who watches would stop it for: a loss that is no number any more
 * or rises without end, an error after which it neither goes on nor ends, silence. It judges nothing: a run that looks
 * sick may end well.
 */
export class Sickness {
  #rest = '';
  readonly #told = new Set<string>();
  readonly #losses = new Map<string, number[]>();
  #outputs = 0;
  #longest = 0;
  #lastAt: number;
  /** The last line of an error after which nothing has gone on yet. */
  #error: string | null = null;

  /** @param now milliseconds of any clock that goes forward */
  constructor(now: number) {
    this.#lastAt = now;
  }

  /** Takes what was printed. @returns what is new */
  read(text: string, now: number): Symptom[] {
    if (this.#outputs > 0) this.#longest = Math.max(this.#longest, now - this.#lastAt);
    this.#outputs += 1;
    this.#lastAt = now;
    // Progress bars end their lines with a carriage return.
    const lines = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = (lines.pop() ?? '').slice(-LINE);
    return lines.flatMap((line) => this.#readLine(line.trim())).filter((found) => this.#isNew(found));
  }

  /** Takes that nothing was printed since. @returns what is new */
  look(now: number): Symptom[] {
    const found: Symptom[] = [];
    const silent = now - this.#lastAt;
    if (this.#error !== null && silent >= AFTER_ERROR) {
      found.push({
        kind: 'error',
        text: `it printed an error and neither goes on nor ends: ${quoted(this.#error)}`,
      });
    }
    if (this.#outputs >= OUTPUTS && silent >= Math.max(SILENCE, RHYTHM * this.#longest)) {
      const before = Math.max(1, Math.round(this.#longest / 1000));
      const text = `it has printed nothing for ${Math.round(silent / 60_000)} min, and before at least every ${before} s`;
      found.push({ kind: 'silence', text });
    }
    return found.filter((one) => this.#isNew(one));
  }

  #readLine(line: string): Symptom[] {
    if (line === '' || line.length > LINE) return [];
    if (BROKEN.test(line)) this.#error = line;
    // The last line of a traceback names it best; ordinary output after that means that it was handled.
    else if (this.#error !== null) {
      if (/^\w[\w.]*(?:Error|Exception|Interrupt|Exit)\b/.test(line)) this.#error = line;
      else if (!/^\s|^(?:File |During |The above )/.test(line) && line.search(LOSS) >= 0) this.#error = null;
    }
    return [...line.matchAll(LOSS)].flatMap(([, name = '', value = '']) => this.#loss(name.toLowerCase(), value, line));
  }

  #loss(name: string, written: string, line: string): Symptom[] {
    if (/nan|inf/i.test(written)) {
      const what = /nan/i.test(written) ? 'NaN' : 'infinite';
      return [{ kind: 'not-a-number', text: `its ${name} became ${what}: ${quoted(line)}` }];
    }
    const known = this.#losses.get(name) ?? [];
    known.push(Number(written));
    this.#losses.set(name, known);
    if (known.length < LOSSES) return [];
    const best = Math.min(...known.slice(0, -RISING));
    const recent = known.slice(-RISING);
    // All but the best and the newest are forgotten: a run may print millions.
    known.splice(0, known.length - LOSSES, ...(known.length > LOSSES ? [best] : []));
    const rises = recent.every((value, i) => i === 0 || value > (recent[i - 1] ?? 0));
    const last = recent.at(-1) ?? 0;
    if (!rises || best <= 0 || last < RISE * best) return [];
    return [{ kind: 'divergence', text: `its ${name} rose steadily from ${best} to ${last}: ${quoted(line)}` }];
  }

  #isNew({ kind }: Symptom): boolean {
    if (this.#told.has(kind)) return false;
    this.#told.add(kind);
    return true;
  }
}

function quoted(line: string): string {
  const short = line.length > 160 ? `${line.slice(0, 160)}…` : line;
  return `\`${short.replaceAll('`', "'")}\``;
}
