import { stripVTControlCharacters } from 'node:util';
import type { RunPulse } from '../domain/pulse.ts';

/** A line longer than this is shown cut, and no number is looked for in it. Characters. */
const LINE = 2_000;
const SHOWN = 160;
/** Points of a course that are kept, and shown. */
const POINTS = 48;
/** Numbers with a name that are watched: a script that prints more has one among the first. */
const NAMES = 24;

/** tqdm and its like: ` 45%|████▌     | 45/100 [00:10<00:12, 4.4it/s]`. */
const BAR = /(\d{1,3})(?:\.\d+)?\s*%\s*[|━▕[]/;
const STEP = /\b(epoch|step|iter(?:ation)?|batch|round|fold|trial)s?\b\s*[:#]?\s*[[(]?(\d+)\s*(?:\/|of)\s*(\d+)/i;
const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?`;
/** `val_loss: 0.31`, `"accuracy": 0.9`, `acc=0.9`; a loss needs no sign between. */
const NAMED = new RegExp(
  String.raw`(?<![\w./])([A-Za-z][\w/-]{0,30})["']?\s*(?:[:=]\s*["']?|(?<=loss|nll|ppl|perplexity)\s+)(${NUMBER})(?![\w/:%]|\.\d)`,
  'gi',
);
const LOSS = /loss|nll|perplexity|ppl|cross_entropy/i;
/** Numbers that go their way whatever is learned. */
const COUNTERS =
  /^(?:epochs?|steps?|iter(?:ation)?s?|batch(?:es)?|round|fold|trial|seed|lr|learning_rate|time|seconds|eta|elapsed|n|i|it|s|rank|gpu|mem(?:ory)?|size|samples|line)$/i;

/** Reads what a run prints as it comes, and says what it shows of itself now. Holds a few kilobytes, however much comes. */
export class PulseReader {
  #rest = '';
  #line = '';
  #step = '';
  #stepShare: number | null = null;
  #barShare: number | null = null;
  readonly #courses = new Map<string, Course>();

  read(text: string): void {
    // Progress bars end their lines with a carriage return.
    const lines = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = (lines.pop() ?? '').slice(-LINE);
    for (const line of lines) this.#take(plain(line));
  }

  get pulse(): RunPulse {
    const rest = plain(this.#rest);
    if (rest !== '') this.#look(rest);
    const [name, course] = this.#shownCourse() ?? [];
    return {
      line: this.#line,
      step: this.#step,
      share: this.#barShare ?? this.#stepShare,
      metric: name === undefined || course === undefined ? null : { name, ...course.shown },
    };
  }

  #take(line: string): void {
    if (line === '') return;
    this.#look(line);
    if (line.length > LINE) return;
    for (const [, name = '', value = ''] of line.matchAll(NAMED)) {
      if (COUNTERS.test(name)) continue;
      const course = this.#courses.get(name) ?? new Course();
      if (this.#courses.size < NAMES) this.#courses.set(name, course);
      course.add(Number(value));
    }
  }

  /** The last line and how far it says that the run is; a line that is still being written counts too. */
  #look(line: string): void {
    this.#line = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
    if (line.length > LINE) return;
    const [, name, done, total] = STEP.exec(line) ?? [];
    if (name !== undefined) {
      this.#step = `${name.toLowerCase()} ${done}/${total}`;
      this.#stepShare = shareOf(Number(done) / Number(total));
    }
    const [, percent] = BAR.exec(line) ?? [];
    if (percent !== undefined) this.#barShare = shareOf(Number(percent) / 100);
  }

  #shownCourse(): [string, Course] | undefined {
    const courses = [...this.#courses].filter(([, course]) => course.count > 1);
    return courses.find(([name]) => LOSS.test(name)) ?? courses[0];
  }
}

/** The values of one number over time, thinned evenly: where there are too many, every other one goes. */
class Course {
  count = 0;
  #every = 1;
  #newest = 0;
  #kept: number[] = [];

  add(value: number): void {
    if (this.count % this.#every === 0) this.#kept.push(value);
    this.count += 1;
    this.#newest = value;
    if (this.#kept.length <= POINTS) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  get shown(): { newest: number; course: number[] } {
    const isLast = (this.count - 1) % this.#every === 0;
    return { newest: this.#newest, course: isLast ? [...this.#kept] : [...this.#kept, this.#newest] };
  }
}

function shareOf(value: number): number | null {
  return value >= 0 && value <= 1 ? value : null;
}

/** Without colours, and without what no line of words holds. */
function plain(line: string): string {
  return stripVTControlCharacters(line)
    .replace(/[\p{Cc}\ufffd]+/gu, ' ')
    .trim();
}
