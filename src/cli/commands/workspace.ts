import pc from 'picocolors';
import { profileFiles } from '../../engine/dataProfiles.ts';
import { examineMachine, type Finding } from '../../engine/doctor.ts';
import { type MapRequest, mapWorkspace } from '../../engine/reading.ts';
import { dataText } from '../dataText.ts';
import { EXIT } from '../exitCode.ts';
import { printJson } from '../print.ts';
import type { CommonOptions } from './options.ts';

/** Profiles data; ends as bad input where a path named nothing that could be read. */
export async function data(paths: string[], options: CommonOptions): Promise<void> {
  const profile = await profileFiles(options.workspace, paths);
  if (options.json) printJson(profile);
  else process.stdout.write(dataText(profile));
  if (profile.files.some(({ kind }) => kind === 'unreadable')) process.exitCode = EXIT.badInput;
}

/** Prints this workspace in the few words made for agents. */
export async function map(options: CommonOptions & MapRequest): Promise<void> {
  const { text, ...told } = await mapWorkspace(options.workspace, options);
  if (options.json) return printJson({ ...told, text });
  process.stdout.write(text);
}

/** What this machine and workspace have, group by group, and beside each gap what to do. */
export async function doctor(options: CommonOptions): Promise<void> {
  const examined = await examineMachine(options.workspace);
  if (options.json) return printJson(examined);
  const width = Math.max(...examined.findings.map(({ name }) => name.length));
  let group = '';
  for (const finding of examined.findings) {
    if (finding.group !== group) process.stdout.write(`${group === '' ? '' : '\n'}${pc.bold(finding.group)}\n`);
    group = finding.group;
    process.stdout.write(findingText(finding, width));
  }
  const gaps = examined.findings.filter(({ state }) => state === 'gap').length;
  process.stdout.write(
    gaps === 0 ? '\nNothing is missing.\n' : `\n${gaps} ${gaps === 1 ? 'gap' : 'gaps'}; → says what to do.\n`,
  );
}

function findingText({ state, name, found, wayOut }: Finding, width: number): string {
  const mark = { ok: pc.green('ok '), gap: pc.yellow('gap'), none: pc.dim('–  ') }[state];
  const line = `  ${mark}  ${name.padEnd(width)}  ${state === 'none' ? pc.dim(found) : found}\n`;
  return wayOut === null ? line : `${line}  ${' '.repeat(width + 7)}→ ${wayOut}\n`;
}
