import { createHash } from 'node:crypto';
import type { Row } from './exampleTable.ts';

/** Units up to which every sign assignment is counted; beyond, as many draws are made as `DRAWS` says. */
export const EXACT_UNITS = 20;
const DRAWS = 99_999;
/** Sums this close to the observed one, in units of Σ|x|, are ties: accuracies tie often and floats part them. */
const TIE = 1e-12;

/** One-sided sign-flip test of a mean above 0: the share of sign assignments whose sum reaches the observed one.
 *  All 2^n for n ≤ 20; beyond, (1 + hits) / 100,000 over 99,999 draws of xoshiro128** seeded with the first 16 bytes
 *  of the SHA-256 of the values as little-endian doubles. Values of one size are an exact binomial at any n.
 *  Source: trust.md 4; Good, Permutation, Parametric and Bootstrap Tests of Hypotheses (2005), 3.2. */
export function flipP(values: Row): number {
  const moving: number[] = [];
  for (let i = 0; i < values.length; i += 1) if (values[i] !== 0) moving.push(values[i] ?? Number.NaN);
  const [first] = moving;
  if (first === undefined) return 1;
  if (moving.every((value) => Math.abs(value) === Math.abs(first))) {
    return binomialTail(moving.filter((value) => value > 0).length, moving.length);
  }
  const observed = leastHit(values);
  return values.length <= EXACT_UNITS ? exactShare(moving, observed) : drawnShare(values, moving, observed);
}

/** Share of the sign assignments of the first j differences that reach their observed sum, over 2^n: when it exceeds
 *  the level, no completion of the n registered seeds could support (trust.md 6, futility). j and n at most 20. */
export function futilityP(seen: readonly number[], registered: number): number {
  if (seen.length > EXACT_UNITS || seen.length > registered) return 0;
  const observed = leastHit(seen);
  return (exactShare(seen, observed) * 2 ** seen.length) / 2 ** registered;
}

/** P(X ≥ k) for X ~ Binomial(m, 1/2), summed in logarithms. */
export function binomialTail(k: number, m: number): number {
  if (k <= 0) return 1;
  let logTerm = -m * Math.LN2;
  let total = 0;
  for (let i = 0; i <= m; i += 1) {
    if (i >= k) total += Math.exp(logTerm);
    logTerm += Math.log((m - i) / (i + 1));
  }
  return Math.min(1, total);
}

/** Counts over the sums of two halves, sorted: 2 · 2^(n/2) sums instead of 2^n. */
function exactShare(values: readonly number[], threshold: number): number {
  const half = values.length >> 1;
  const [leftCount, rightCount] = [2 ** half, 2 ** (values.length - half)];
  const left = signedSums(values, 0, half, LEFT);
  const right = signedSums(values, half, values.length, RIGHT);
  let hits = 0;
  let from = rightCount;
  for (let i = 0; i < leftCount; i += 1) {
    const sumLeft = left[i] ?? 0;
    while (from > 0 && sumLeft + (right[from - 1] ?? 0) >= threshold) from -= 1;
    hits += rightCount - from;
  }
  return hits / 2 ** values.length;
}

type Pages = readonly [Float64Array, Float64Array];
/** Room for the sums of half of the units, written anew by every test: making it anew takes longer than summing. */
const room = (): Pages => [new Float64Array(2 ** (EXACT_UNITS / 2)), new Float64Array(2 ** (EXACT_UNITS / 2))];
const [LEFT, RIGHT] = [room(), room()];

/** The sums of all sign assignments of the units in [begin, end), ascending: those with a plus and those with a minus
 *  are merged, unit by unit. */
function signedSums(values: readonly number[], begin: number, end: number, pages: Pages): Float64Array {
  let [sums, next] = pages;
  sums[0] = 0;
  let count = 1;
  for (let v = begin; v < end; v += 1) {
    const size = Math.abs(values[v] ?? 0);
    let [minus, plus] = [0, 0];
    while (plus < count) {
      const lower = minus < count ? (sums[minus] ?? 0) - size : Number.POSITIVE_INFINITY;
      const upper = (sums[plus] ?? 0) + size;
      next[minus + plus] = lower <= upper ? lower : upper;
      if (lower <= upper) minus += 1;
      else plus += 1;
    }
    [sums, next] = [next, sums];
    count *= 2;
  }
  return sums;
}

/** Shares that were drawn, by the digest of their values, which fixes every draw: a report asks for the same comparison a
 *  dozen times, and 10,000 seeds take a second. */
const drawnShares = new Map<string, number>();
const SHARES_KEPT = 256;

function drawnShare(values: Row, moving: readonly number[], threshold: number): number {
  const digest = createHash('sha256').update(asBytes(values)).digest();
  const key = digest.toString('hex');
  const share = drawnShares.get(key) ?? shareOfDraws(digest, moving, threshold);
  if (drawnShares.size >= SHARES_KEPT) drawnShares.clear();
  drawnShares.set(key, share);
  return share;
}

/** The share among draws of xoshiro128** 1.1 (Blackman and Vigna, 2018), whose state is the first 16 bytes of the
 *  digest, little-endian: 32 signs a step. The generator stands inside the loop, which takes half as long so. */
function shareOfDraws(digest: Buffer, moving: readonly number[], threshold: number): number {
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [number, number, number, number];
  const sums = sumsByByte(moving);
  let hits = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    let at = 0;
    for (let word = 0; word < sums.length; word += 4 * 256) {
      const fives = Math.imul(b, 5);
      let bits = Math.imul((fives << 7) | (fives >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      const end = Math.min(sums.length, word + 4 * 256);
      for (let group = word; group < end; group += 256) {
        at += sums[group + (bits & 255)] ?? 0;
        bits >>>= 8;
      }
    }
    if (at >= threshold) hits += 1;
  }
  return (1 + hits) / (DRAWS + 1);
}

/** For every eight values the sums of their 256 sign assignments, a set bit being a plus: so 10,000 seeds take as many
 *  additions a draw as an eighth of them. */
function sumsByByte(values: readonly number[]): Float64Array {
  const sums = new Float64Array(Math.ceil(values.length / 8) * 256);
  for (let at = 0; at < values.length; at += 8) {
    const own = values.slice(at, at + 8);
    for (let bits = 0; bits < 256; bits += 1) {
      let total = 0;
      for (let j = 0; j < own.length; j += 1) total += (bits >>> j) & 1 ? (own[j] ?? 0) : -(own[j] ?? 0);
      sums[at * 32 + bits] = total;
    }
  }
  return sums;
}

function asBytes(values: Row): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (let i = 0; i < values.length; i += 1) view.setFloat64(i * 8, values[i] ?? Number.NaN, true);
  return new Uint8Array(view.buffer);
}

/** The least sum that is a hit: the observed one, less what rounding may have added to it. */
function leastHit(values: Row): number {
  let [sum, sizes] = [0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    sum += value;
    sizes += Math.abs(value);
  }
  return sum - TIE * sizes;
}
