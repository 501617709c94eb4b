import path from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { Measurement } from '../domain/evidence.ts';
import { version } from '../domain/version.ts';
import { writeReportFolder } from '../evidence/report.ts';
import { loadEvidence } from '../evidence/runEvidence.ts';
import type { Desk } from './desk.ts';

/** Writes the report, every number of it recomputed from the runs' own records.
 *  @param opinion what a language model said of the verdict; null where none was asked
 *  @throws ReportError naming a number that does not match */
export async function writeReport(
  desk: Desk,
  contract: Contract,
  measurement: Measurement,
  opinion: string | null,
): Promise<void> {
  const { session, ports, confinement } = desk;
  if (session.state.report) return;
  const folder = path.join(ports.workspace, '.mlr', 'reports', session.id);
  const evidence = await loadEvidence(ports.workspace, measurement, contract);
  const request = {
    measurement,
    evidence,
    contract,
    confinement,
    version,
    head: session.log.head,
    ...(opinion !== null && { opinion }),
  };
  const file = await writeReportFolder(folder, request, session.state.contract?.yaml ?? '');
  await session.append({ type: 'report.written', folder, file });
}
