import { strict as assert } from 'node:assert';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { SessionEvent } from '../../src/domain/event.ts';
import { git, openFolder } from './researchSession.ts';

const paper = '# What a Guess Is Worth\n\n## Abstract\n\nWe guess numbers near one.\n\n## Method\n\nWe guess twice.\n';

/** The open folder as a repository with a paper in it, and no question where the machine can confine nothing. */
export async function paperToRead(): Promise<void> {
  await vscode.workspace.getConfiguration('mlr').update('unconfined', true, vscode.ConfigurationTarget.Global);
  git('init', '--quiet');
  await writeFile(join(openFolder(), 'guessing.md'), paper);
  git('add', 'train.py', 'guessing.md');
  // Another suite may have begun here before.
  git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
}

/** Begins a session as a person does: the command, then the first paper of the list. */
export async function begun(): Promise<string> {
  const before = await sessions();
  // The list's first entry is chosen, which is another one where the editor's search does not know the paper yet.
  await until('the paper in the editor’s search', async () => (await papers()).length > 0);
  const command = vscode.commands.executeCommand('mlr.generateIdea');
  let ended = false;
  void command.then(() => {
    ended = true;
  });
  const came = async (): Promise<string> =>
    `the session; there are ${(await papers()).join(', ')}; the engine said: ${await engineSaid()}; it`;
  await until(came, async () => {
    if (!ended) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return ended;
  });
  const id = (await sessions()).find((one) => !before.includes(one));
  assert.ok(id, 'no session began');
  return id;
}

/** Begins a session and waits for an event of it; a failure that is not the one waited for is an error. */
export async function sessionUntil(fits: (event: SessionEvent) => boolean): Promise<SessionEvent[]> {
  const id = await begun();
  let events: SessionEvent[] = [];
  const came = (): string => `the event, after ${events.map(({ type }) => type).join(', ') || 'none'}`;
  await until(came, async () => {
    events = await eventsOf(id);
    const failed = events.find((event) => event.type === 'session.failed');
    if (failed && !fits(failed)) throw new Error(failed.message);
    return events.some(fits);
  });
  return events;
}

async function papers(): Promise<string[]> {
  const found = await vscode.workspace.findFiles('*.md');
  return found.map(({ path }) => path);
}

async function engineSaid(): Promise<string> {
  const log = await readFile(join(openFolder(), '.mlr', 'engine.log'), 'utf8').catch(() => '(no log)');
  return log.slice(-1000);
}

async function eventsOf(id: string): Promise<SessionEvent[]> {
  const text = await readFile(join(openFolder(), '.mlr', 'sessions', id, 'events.jsonl'), 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SessionEvent);
}

function sessions(): Promise<string[]> {
  return readdir(join(openFolder(), '.mlr', 'sessions')).catch(() => []);
}

/** Waits for what must come to hold soon; on a busy machine that may be a while. */
export async function until(
  what: string | (() => string | Promise<string>),
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`${typeof what === 'string' ? what : await what()} did not come within 60 s`);
}
