import { existsSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import type { Gate } from '../../domain/gate.ts';
import type { CodeLink, Prototype } from '../../domain/prototype.ts';
import { codeOfPaper, type FetchCodeRequest, fetchCode, isPaperAddress } from '../../engine/finding.ts';
import { askPerson } from '../askPerson.ts';
import { EXIT } from '../exitCode.ts';
import { shown } from '../hubText.ts';
import { printJson } from '../print.ts';
import { asking } from './asking.ts';
import type { CommonOptions } from './options.ts';

type PrototypeOptions = CommonOptions & { ref?: string; yes?: boolean; localOnly?: boolean };

/** Lists the repositories that a paper names; or fetches one, once a person has agreed. */
export async function prototype(what: string, options: PrototypeOptions): Promise<void> {
  const { localOnly, ...around } = asking(options);
  const isElsewhere = (await isPaperAddress(what)) && !/^https?:\/\/(?!([\w-]+\.)?(arxiv|doi)\.org\/)/i.test(what);
  if (existsSync(path.resolve(options.workspace, what)) || isElsewhere)
    return listCode(await codeOfPaper(around, { paper: what, localOnly }), options);
  const request: FetchCodeRequest = { url: what, ref: options.ref ?? null, approved: options.yes ?? false, localOnly };
  let answer = await fetchCode(around, request);
  if (answer.kind === 'waiting') {
    if (options.json || !process.stdin.isTTY) return sayWaiting(answer.gate, options);
    const { choice } = await askPerson(answer.gate, answer.gate.detail, around.signal);
    if (choice !== 'approve') return;
    answer = await fetchCode(around, { ...request, approved: true });
  }
  if (answer.kind !== 'fetched') return;
  if (options.json) printJson(answer.prototype);
  else process.stdout.write(prototypeText(answer.prototype));
}

function listCode(code: readonly CodeLink[], { json }: CommonOptions): void {
  if (json) printJson({ code });
  else if (code.length === 0) {
    process.stdout.write(
      'The paper names no repository. mlr index --search "…" looks for what you have of your own.\n',
    );
  } else process.stdout.write(`${code.map(linkText).join('')}\nmlr prototype URL fetches one, with its licence.\n`);
}

function linkText({ url, ref, where, words }: CodeLink): string {
  const place = where === 'paper' ? 'named in the paper' : 'named in its references';
  const told = words === '' ? '' : `     ${pc.dim(shown(words))}\n`;
  return `  ${pc.bold(url)}${ref === null ? '' : ` at ${ref}`}, ${place}\n${told}`;
}

function prototypeText({ url, commit, folder, files, bytes, licence }: Prototype): string {
  const named = licence.spdx ?? 'none that is known';
  const size = `${files} files, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return (
    `${pc.bold(url)} at ${commit}\n  ${folder}: ${size}\n` +
    `  Licence: ${pc.bold(named)}${licence.file === null ? '' : ` (${licence.file})`}. ${licence.terms}\n` +
    '  What a change takes over from it is named where you review the change.\n'
  );
}

function sayWaiting(gate: Gate, { json }: CommonOptions): void {
  process.exitCode = EXIT.waiting;
  if (json) printJson({ waiting: { session: null, gate: gate.id, ...gate } });
  else process.stdout.write(`${gate.question}\n\n${gate.detail}\n\nThis waits for you: the same words with --yes.\n`);
}
