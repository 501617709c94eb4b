import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import type { Item } from '../../src/webview/messages.ts';
import { launchChromium } from '../hosts/chromium.ts';
import { printLine } from '../hosts/mochaSuites.ts';
import { ChatPage } from './chatPage.ts';
import { scenes } from './chatScenes.ts';

/** Longer, and a person sees that the page stands still. Milliseconds. */
const LONGEST_TASK = 50;
const EVENTS = 5000;

suite('a session of 5,000 events', () => {
  let browser: Browser;
  let chat: ChatPage;

  suiteSetup(async () => {
    browser = await launchChromium();
    chat = await ChatPage.open(browser, 'dark', 400);
    await chat.show({ ...scenes.measured, items: Array.from({ length: EVENTS }, (_, i) => item(i)) });
  });

  suiteTeardown(() => browser?.close());

  test('begins at its end, with what is near drawn and no more', async () => {
    await chat.page
      .getByText(`Step ${EVENTS - 1}.`, { exact: false })
      .first()
      .waitFor();
    assert.ok((await chat.page.locator('.entry').count()) < 400);
  });

  test('scrolls for three seconds without a task over 50 ms', async () => {
    await browser.startTracing(chat.page, { categories: ['toplevel', 'devtools.timeline'] });
    const from = await chat.page.evaluate(scrollUp);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: Traced[] };
    const tasks = mainTasks(traceEvents).map((task) => (task.tdur ?? task.dur ?? 0) / 1000);
    const longest = Math.max(...tasks);
    printLine(
      `5,000 events: ${tasks.length} tasks while scrolling, the longest ${longest.toFixed(0)} ms of its thread`,
    );
    assert.ok(tasks.length > 100, `the trace holds ${tasks.length} tasks`);
    // How far three seconds lead is for the machine's frames to say.
    assert.ok(from > 5_000, `it scrolled ${from} pixels`);
    assert.ok(longest <= LONGEST_TASK, `a task took ${longest} ms`);
  });

  test('is drawn again where one has scrolled to', async () => {
    await chat.page.evaluate(() => document.querySelector('.entries')?.scrollTo(0, 0));
    await chat.page.getByText('Step 3.', { exact: false }).first().waitFor();
  });
});

interface Traced {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  /** Microseconds of the thread's own time: what other processes take from it is not in them. */
  tdur?: number;
  args?: { name?: string };
}

function mainTasks(events: readonly Traced[]): Traced[] {
  const main = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const isMain = ({ pid, tid }: Traced) => main.some((one) => one.pid === pid && one.tid === tid);
  return events.filter((event) => event.ph === 'X' && /RunTask$/.test(event.name) && isMain(event));
}

/** Runs in the page: up by 120 pixels a frame, for three seconds.
 *  @returns how far */
async function scrollUp(): Promise<number> {
  const entries = document.querySelector('.entries');
  if (!entries) return 0;
  let moved = 0;
  for (const end = performance.now() + 3000; performance.now() < end; ) {
    entries.scrollBy(0, -120);
    moved += 120;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  return moved;
}

function item(i: number): Item {
  if (i % 7 === 0) return { kind: 'notice', text: `Step ${i}. The baseline was run.` };
  const tools = [{ id: `t${i}`, name: 'read_file', arguments: '{"path":"train.py"}', ok: true, content: 'x = 1\n' }];
  const text = `Step ${i}. I read **the trainer** and changed \`lr\`.\n\n- one\n- two\n\n\`\`\`\nlr = 0.${i}\n\`\`\``;
  return { kind: 'agent', agent: 'experiment', call: 'experiment', turn: i, text, tools };
}
