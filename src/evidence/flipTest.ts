import { createHash } from 'node:crypto';

/** Units up to which every sign assignment is counted; beyond, as many draws are made as `DRAWS` says. */
export const EXACT_UNITS = 20;
const DRAWS = 99_999;
/** Sums this close to the observed one, in units of Σ|x|, are ties: accuracies tie often and floats part them. */
const TIE = 1e-12;

/** One-sided sign-flip test of a mean above 0: the share of sign assignments whose sum reaches the observed one.
 *  All 2^n for n ≤ 20; beyond, (1 + hits) / 100,000 over 99,999 draws of xoshiro128** seeded with the first 16 bytes
 *  of the SHA-256 of the values as little-endian doubles. Values of one size are an exact binomial at any n.
 *  Source: trust.md 4; Good, Permutation, Parametric and Bootstrap Tests of Hypotheses (2005), 3.2. */
export function flipP(values: readonly number[]): number {
  const moving = values.filter((value) => value !== 0);
  const sizes = new Set(moving.map(Math.abs));
  if (sizes.size === 0) return 1;
  if (sizes.size === 1) return binomialTail(moving.filter((value) => value > 0).length, moving.length);
  const observed = sum(values) - TIE * sum(values.map(Math.abs));
  return values.length <= EXACT_UNITS ? exactShare(moving, observed) : drawnShare(values, moving, observed);
}

/** Share of the sign assignments of the first j differences that reach their observed sum, over 2^n: when it exceeds
 *  the level, no completion of the n registered seeds could support (trust.md 6, futility). j and n at most 20. */
export function futilityP(seen: readonly number[], registered: number): number {
  if (seen.length > EXACT_UNITS || seen.length > registered) return 0;
  const observed = sum(seen) - TIE * sum(seen.map(Math.abs));
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
  const left = signedSums(values.slice(0, half)).sort();
  const right = signedSums(values.slice(half)).sort();
  let hits = 0;
  let from = right.length;
  for (const sumLeft of left) {
    while (from > 0 && sumLeft + (right[from - 1] ?? 0) >= threshold) from -= 1;
    hits += right.length - from;
  }
  return hits / 2 ** values.length;
}

/** The sums of all sign assignments. */
function signedSums(values: readonly number[]): Float64Array {
  let sums = new Float64Array(1);
  for (const value of values) {
    const next = new Float64Array(sums.length * 2);
    for (let i = 0; i < sums.length; i += 1) {
      next[i] = (sums[i] ?? 0) + value;
      next[sums.length + i] = (sums[i] ?? 0) - value;
    }
    sums = next;
  }
  return sums;
}

function drawnShare(values: readonly number[], moving: readonly number[], threshold: number): number {
  const digest = createHash('sha256').update(asBytes(values)).digest();
  const draw = xoshiro128(digest);
  const sums = sumsByByte(moving);
  let hits = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    let at = 0;
    let bits = 0;
    for (let group = 0; group * 256 < sums.length; group += 1) {
      bits = group % 4 === 0 ? draw() : bits >>> 8;
      at += sums[group * 256 + (bits & 255)] ?? 0;
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
      for (const [j, value] of own.entries()) total += (bits >>> j) & 1 ? value : -value;
      sums[at * 32 + bits] = total;
    }
  }
  return sums;
}

function asBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (const [i, value] of values.entries()) view.setFloat64(i * 8, value, true);
  return new Uint8Array(view.buffer);
}

/** xoshiro128** 1.1 of Blackman and Vigna (2018), 32 bits a call; the state is the first 16 bytes, little-endian. */
function xoshiro128(state: Buffer): () => number {
  let a = state.readUInt32LE(0);
  let b = state.readUInt32LE(4);
  let c = state.readUInt32LE(8);
  let d = state.readUInt32LE(12);
  return () => {
    const fives = Math.imul(b, 5);
    const result = Math.imul((fives << 7) | (fives >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
