import type { Host } from './host.ts';

/** What a researcher sees before there is a session: one thing to do. */
export function Welcome({ host }: { host: Host }) {
  return (
    <main class="welcome">
      <h1>From a paper to a verdict</h1>
      <p>
        Choose a paper. Agents propose ideas for this workspace and write the experiment as changes that you review. The
        runs are measured against your code as it is, and no number is shown that no run produced.
      </p>
      <button type="button" onClick={() => host.post({ type: 'begin' })}>
        Generate Research Idea
      </button>
    </main>
  );
}
