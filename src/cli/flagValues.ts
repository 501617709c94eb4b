import { statSync } from 'node:fs';
import path from 'node:path';
import { type Limit, limitsAfter } from '../domain/limit.ts';
import { THINKING_PHASES } from '../domain/phase.ts';
import { UsageError } from './usageError.ts';

/** `500000`, or `debug=100000` for one phase. */
export function limitOf(flag: string, unit: Limit['unit']): (given: string, before?: Limit[]) => Limit[] {
  return (given, before = []) => {
    const [, name, text = ''] = /^(?:([a-z]+)=)?(.*)$/s.exec(given) ?? [];
    const phase = THINKING_PHASES.find((one) => one === name) ?? null;
    if (name !== undefined && phase === null) {
      throw new UsageError(`${flag}: "${name}" is no phase in which a model thinks: ${THINKING_PHASES.join(', ')}.`);
    }
    const most = Number(text);
    const fits = text.trim() !== '' && most > 0 && Number.isFinite(most) && (unit === 'usd' || Number.isInteger(most));
    if (fits) return limitsAfter(before, [{ phase, unit, most }]);
    const what = unit === 'usd' ? 'a number' : 'a whole number';
    throw new UsageError(
      `${flag} takes ${what} above 0, or PHASE=${unit === 'usd' ? '2.50' : '100000'}, not "${given}".`,
    );
  };
}

/** `base=--lr 0.1`: everything behind the first equals sign are the arguments. */
export function collectArms(
  given: string,
  before: { name: string; args: string }[] = [],
): { name: string; args: string }[] {
  const at = given.indexOf('=');
  const name = given.slice(0, Math.max(0, at)).trim();
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new UsageError(
      `--arm takes NAME=ARGUMENTS, as in --arm ours="--lr 0.1", with a name of letters and digits; not "${given}".`,
    );
  }
  return [...before, { name, args: given.slice(at + 1).trim() }];
}

export function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value <= 0)
      throw new UsageError(`${flag} takes a whole number above 0, not "${text}".`);
    return value;
  };
}

export function recording(file: string): string {
  const absolute = path.resolve(file);
  if (!statSync(absolute, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`${absolute}: there is no such recording; --replay takes a file that --record has written.`);
  return absolute;
}
