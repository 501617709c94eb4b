import { readFile } from 'node:fs/promises';
import pc from 'picocolors';
import { examineMachine } from '../../engine/doctor.ts';
import { outputOf } from '../../engine/output.ts';
import { readPaperFile } from '../../engine/reading.ts';
import { withEngine } from '../openEngine.ts';
import { last } from '../outcome.ts';
import { UsageError } from '../usageError.ts';
import type { CommonOptions } from './options.ts';

export async function read(paper: string, options: CommonOptions): Promise<void> {
  const found = await readPaperFile(paper);
  if (options.json) return print(found);
  const headings = found.sections.map((s) => `  ${s.heading}`).join('\n');
  const text = `${pc.bold(found.title)}\n${found.authors.join(', ')}\n${found.pages} pages, ${found.references.length} references\n\n${found.abstract}\n\n${headings}\n`;
  process.stdout.write(text);
}

export async function sessions(options: CommonOptions): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    const list = await engine.list();
    if (options.json) return print({ sessions: list });
    if (list.length === 0)
      process.stdout.write('No sessions in this workspace yet: mlr research --paper FILE begins one.\n');
    for (const s of list) {
      const state = s.verdict ?? `${s.status} (${s.phase})`;
      process.stdout.write(`${s.id}  ${s.kind.padEnd(8)}  ${state.padEnd(22)}  ${s.title}\n`);
    }
  });
}

export async function report(name: string, options: CommonOptions): Promise<void> {
  await withEngine(options.workspace, name, async (engine) => {
    const { events } = await engine.attach(name);
    const file = last(events, 'report.written')?.file;
    if (file === undefined) throw new UsageError(`Session ${name} has no report yet; go on with: mlr resume ${name}`);
    const markdown = await readFile(file, 'utf8');
    if (options.json) return print({ session: name, file, markdown });
    process.stdout.write(markdown);
  });
}

export async function follow(run: string, options: CommonOptions): Promise<void> {
  for await (const text of outputOf(options.workspace, run)) process.stdout.write(text);
}

export async function stop(name: string, options: CommonOptions): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    const session = (await engine.list()).find((s) => s.id.startsWith(name));
    if (!session) return await engine.stopRun(name, 'researcher');
    await withEngine(options.workspace, session.id, (owner) => owner.stop(session.id, 'researcher'));
  });
}

export async function doctor(options: CommonOptions): Promise<void> {
  const findings = await examineMachine(options.workspace);
  if (options.json) return print({ findings });
  for (const { name, good, found, wayOut } of findings) {
    const mark = good ? pc.green('ok ') : pc.yellow('gap');
    process.stdout.write(
      `${mark}  ${name.padEnd(12)} ${found}${wayOut === null ? '' : `\n                  → ${wayOut}`}\n`,
    );
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
