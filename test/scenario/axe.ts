import { source } from 'axe-core';
import type { Frame } from 'playwright-core';

/** What axe finds in a page that keeps people out: the serious and the critical, one line each. */
export async function seriousDefects(frame: Frame): Promise<string[]> {
  // As text, past the page's own policy, which lets no other script in.
  await frame.evaluate(source);
  return frame.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe;
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`);
  });
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
