import { existsSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { RunPulse } from '../domain/pulse.ts';
import { PrintedOutput } from './printedOutput.ts';
import { PulseReader } from './pulseReader.ts';
import { inRun, runFolder } from './runFolder.ts';

/** Read of one run at a look; of what came besides since the last look only the end is read. Bytes. */
const MOST = 1 << 20;
/** A run that nobody has asked about for so long is forgotten. Milliseconds. */
const KEPT = 30_000;

interface Watched {
  readonly printed: PrintedOutput;
  readonly reader: PulseReader;
  readonly decoder: StringDecoder;
  askedAt: number;
}

/** What the runs of a workspace show of themselves now, read on from look to look in their folders. */
export class RunPulses {
  readonly #workspace: string;
  readonly #watched = new Map<string, Watched>();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** @returns by the runs' ids; those that have printed nothing as yet are left out
   *  @throws RunError `spec` for what names no run */
  async of(runs: readonly string[]): Promise<Record<string, RunPulse>> {
    const pulses: Record<string, RunPulse> = {};
    for (const id of runs) {
      const folder = runFolder(this.#workspace, id);
      if (existsSync(inRun.log(folder))) pulses[id] = await this.#look(id, folder);
    }
    for (const [id, { askedAt }] of this.#watched) if (performance.now() - askedAt > KEPT) this.#watched.delete(id);
    return pulses;
  }

  async #look(id: string, folder: string): Promise<RunPulse> {
    const known = this.#watched.get(id);
    const watched = known ?? {
      printed: await PrintedOutput.at(folder, -MOST),
      ...{ reader: new PulseReader(), decoder: new StringDecoder('utf8'), askedAt: 0 },
    };
    this.#watched.set(id, watched);
    watched.askedAt = performance.now();
    await watched.printed.skipAllBut(MOST);
    for (let read = 0; read < MOST; ) {
      const bytes = await watched.printed.next(false);
      if (bytes.length === 0) break;
      watched.reader.read(watched.decoder.write(bytes));
      read += bytes.length;
    }
    return watched.reader.pulse;
  }
}
