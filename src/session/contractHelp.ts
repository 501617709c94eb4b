import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ContractHint, ContractProblem } from '../domain/contractHelp.ts';
import { hintAt } from '../evidence/contractHints.ts';
import { fileProblems, readContract } from '../evidence/contractProblems.ts';
import { listFiles } from '../workspace/listFiles.ts';

/** What is wrong with the text of a contract, in the workspace as it is now. */
export async function contractProblems(workspace: string, text: string): Promise<readonly ContractProblem[]> {
  const source = { text, fileName: 'mlr.yaml' };
  const { contract, problems } = readContract(source);
  if (contract === null) return problems;
  const exists = (name: string): boolean => existsSync(path.resolve(workspace, name));
  return fileProblems(contract, exists, source, await filesOf(workspace));
}

/** What can be said at a place of a contract. Lines and columns from 1. */
export async function contractHint(
  workspace: string,
  at: { readonly text: string; readonly line: number; readonly col: number },
): Promise<ContractHint> {
  return hintAt(at.text, at.line, at.col, await filesOf(workspace));
}

async function filesOf(workspace: string): Promise<string[]> {
  return (await listFiles(workspace)).files.map(({ path: name }) => name);
}
