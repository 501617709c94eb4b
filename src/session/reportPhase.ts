import path from 'node:path';
import { type Contract, lockedContract } from '../domain/contract.ts';
import { thinkingLines } from '../domain/costInWords.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import { parseContract } from '../evidence/contractFile.ts';
import { loadControlEvidence } from '../evidence/controlEvidence.ts';
import { encloseAll } from '../evidence/enclosures.ts';
import { writeReportFolder } from '../evidence/reportFolder.ts';
import { loadEvidence } from '../evidence/runEvidence.ts';
import { Repository } from '../git/repository.ts';
import type { Desk } from './desk.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';
import { triesOf } from './triesOf.ts';

/** Writes the report, every number of it recomputed from the runs' own records.
 *  @param opinion what a language model said of the verdict; null where none was asked
 *  @throws ReportError naming a number that does not match */
export async function writeReport(
  desk: Desk,
  contract: Contract,
  measurement: Measurement,
  opinion: string | null,
): Promise<void> {
  if (desk.session.state.report) return;
  await rewriteReport(desk.session, {
    workspace: desk.ports.workspace,
    confinement: desk.session.state.confinement?.level ?? 'none',
    contract,
    measurement,
    opinion,
  });
}

export interface ReportedSession {
  workspace: string;
  confinement: ConfinementLevel;
  contract: Contract;
  measurement: Measurement;
  opinion: string | null;
}

/** Writes the report even where there is one: its measurement was judged anew.
 *  @throws ReportError naming a number that does not match */
export async function rewriteReport(session: Session, reported: ReportedSession): Promise<void> {
  const { workspace, confinement, contract, measurement, opinion } = reported;
  const folder = path.join(workspace, '.mlr', 'reports', session.id);
  const evidence = await loadEvidence(workspace, measurement, contract);
  const repository = await Repository.open(workspace);
  const { baseline, variants } = measurement.registration;
  const request = {
    measurement,
    evidence,
    control: await loadControlEvidence(workspace, measurement, contract),
    contract,
    confinement,
    // The one that began: a check of the report knows no other.
    version: session.begun.version,
    head: session.log.head,
    tries: await triesOf(workspace, measurement.registration),
    ...(await encloseAll(folder, { workspace, repository, contract, evidence, arms: [baseline, ...variants] })),
    ...(opinion !== null && { opinion }),
    ...thinkingOf(session.state),
  };
  const { file, sha256 } = await writeReportFolder(folder, request, session.state.contract?.yaml ?? '');
  await session.append({ type: 'report.written', folder, file, sha256 });
}

/** What models took until now, for the report; nothing where none was asked. */
export function thinkingOf({ cost, conversations }: SessionState): { thinking?: string[] } {
  const own = [...conversations.values()].flatMap(({ agent, prompt }) =>
    prompt ? [`${agent} agent: told by ${prompt.file} (SHA-256 ${prompt.sha256}), not by the tool's own prompt`] : [],
  );
  const thinking = [...thinkingLines(cost), ...new Set(own)];
  return thinking.length === 0 ? {} : { thinking };
}

/** The contract under which a session was measured: the locked one where its final test set was scored.
 *  @throws ContractError */
export function contractOfSession({ contract, started }: SessionState): Contract {
  const parsed = parseContract(contract?.yaml ?? '', 'mlr.yaml');
  const locked = started?.assignment.kind === 'measure' && started.assignment.final;
  return locked ? lockedContract(parsed) : parsed;
}
