import { readFileSync } from 'node:fs';

/**
 * Watches this thread's event loop from now on: the longest time between two turns of it (`delayed`), the longest without
 * what the thread waited for a processor that others had (`blocked`), and the longest that it had one (`worked`); the last
 * two as Linux tells them.
 * @returns milliseconds, once it is asked
 */
export function stretches() {
  let before = clocks();
  let [delayed, blocked, worked] = [0, 0, 0];
  const turn = () => {
    const now = clocks();
    delayed = Math.max(delayed, now.wall - before.wall);
    blocked = Math.max(blocked, now.wall - before.wall - (now.waited - before.waited));
    worked = Math.max(worked, now.worked - before.worked);
    before = now;
  };
  const turns = setInterval(turn, 1);
  return () => {
    clearInterval(turns);
    turn();
    return { delayed, blocked, worked };
  };
}

/** Milliseconds: as they pass, that this thread has had a processor, and that it has waited for one. */
function clocks() {
  const wall = performance.now();
  if (process.platform !== 'linux') return { wall, worked: wall, waited: 0 };
  const [worked, waited] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ').map(Number);
  return { wall, worked: (worked ?? 0) / 1e6, waited: (waited ?? 0) / 1e6 };
}
