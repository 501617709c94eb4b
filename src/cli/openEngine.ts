import { rm } from 'node:fs/promises';
import { version } from '../domain/version.ts';
import type { EngineApi } from '../engine/api.ts';
import { RemoteEngine } from '../engine/client.ts';
import { Engine } from '../engine/engine.ts';
import { ownerOf, supervisorArgv } from '../engine/processes.ts';
import { EngineServer } from '../engine/server.ts';
import { socketPath } from '../engine/socketPath.ts';
import { secret } from './keyFile.ts';

/** Runs with the engine that owns the session, or with one of this process's own where nobody does.
 *  Others may attach to that one while it lasts. */
export async function withEngine<T>(
  workspace: string,
  session: string | null,
  use: (engine: EngineApi) => Promise<T>,
): Promise<T> {
  const owner = session === null ? null : await ownerOf(workspace, session);
  if (owner !== null) return await withOwner(owner, use);
  try {
    return await withOwnEngine(workspace, use);
  } catch (error) {
    // Somebody took the session up between the look and the taking.
    const locked = (error as { reason?: unknown }).reason === 'locked';
    const taken = locked && session !== null ? await ownerOf(workspace, session) : null;
    if (taken === null) throw error;
    return await withOwner(taken, use);
  }
}

async function withOwner<T>(socket: string, use: (engine: EngineApi) => Promise<T>): Promise<T> {
  const remote = await RemoteEngine.connect(socket, { name: 'command line', version, secret });
  process.stderr.write(`mlr: process ${remote.info.pid} works on this session; joining it\n`);
  try {
    return await use(remote);
  } finally {
    remote.dispose();
  }
}

async function withOwnEngine<T>(workspace: string, use: (engine: EngineApi) => Promise<T>): Promise<T> {
  const socket = await socketPath(workspace, `-${process.pid}`);
  // Left by an earlier process with this one's number, if it is there at all.
  await rm(socket, { force: true });
  const engine = await Engine.open({ workspace, socket, supervisorArgv: supervisorArgv(import.meta.url), secret });
  const server = await EngineServer.listen(engine, socket);
  try {
    return await use(engine);
  } finally {
    await engine.close();
    server.close();
  }
}
