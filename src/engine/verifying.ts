import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import {
  type CopyOptions,
  copyReport as copy,
  type ExportFormat,
  exportReport as exportRuns,
} from '../session/reportCopy.ts';
import { newestReported, sessionFolder } from '../session/store.ts';
import { type Verification, verifyReport, verifySession } from '../session/verify.ts';

export type { Verification };

/** Checks a session's evidence again, without holding the session; or a report's folder from itself alone.
 *  @param target a session, or the path of a report folder
 *  @throws SessionError `unknown-session` */
export async function verify(workspace: string, target: string): Promise<Verification> {
  const folder = reportFolderAt(target);
  return folder === null ? await verifySession(await realpath(workspace), target) : await verifyReport(folder);
}

/** What is checked where nothing is named: the newest report, by its session or, in a clone without that, by its folder;
 *  else the newest session. */
export async function newestEvidence(workspace: string): Promise<string> {
  const top = await realpath(workspace);
  const session = await newestReported(top);
  if (session === null) return 'last';
  return existsSync(sessionFolder(top, session)) ? session : path.join(top, '.mlr', 'reports', session);
}

/** A target that is the path of a folder with a report, or of the report in it; null for a session's name. */
export function reportFolderAt(target: string): string | null {
  const given = path.resolve(target);
  const folder = path.basename(given) === 'report.md' ? path.dirname(given) : given;
  const looksLikePath = target.includes('/') || target === '.' || target === '..';
  return looksLikePath || existsSync(path.join(folder, 'report.md')) ? folder : null;
}

export async function copyReport(workspace: string, ...rest: [string, string, CopyOptions]): Promise<string> {
  return await copy(await realpath(workspace), ...rest);
}

/** Writes the runs of a session's report, or of a report's folder, for other tools.
 *  @returns what was written */
export async function exportReport(
  workspace: string,
  target: string,
  format: ExportFormat,
  out: string,
): Promise<string[]> {
  return await exportRuns(await realpath(workspace), reportFolderAt(target) ?? target, format, out);
}
