import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

/** What a program said, or why it said nothing. */
export type Said =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'absent' | string };

/** A probe that takes longer tells nothing. Milliseconds. */
const LIMIT = 1500;

/** Asks a program of this machine, away from the workspace, so that nothing of it is loaded.
 *  @param limit milliseconds */
export async function ask(program: string, words: readonly string[], limit = LIMIT): Promise<Said> {
  try {
    const { stdout } = await promisify(execFile)(program, words, { timeout: limit, cwd: tmpdir(), maxBuffer: 1 << 22 });
    return { ok: true, text: stdout.trim() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, killed, stderr = '' } = error as Error & { code?: unknown; killed?: boolean; stderr?: string };
    if (code === 'ENOENT') return { ok: false, why: 'absent' };
    if (killed) return { ok: false, why: `it did not answer within ${limit / 1000} s` };
    return { ok: false, why: firstLine(stderr) || firstLine(error.message) };
  }
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 160);
}
