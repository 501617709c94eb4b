import { fileURLToPath } from 'node:url';
import { version } from '../domain/version.ts';
import type { EngineApi } from '../engine/api.ts';
import { RemoteEngine } from '../engine/client.ts';
import { Engine } from '../engine/engine.ts';
import { ownerOf, supervisorArgv } from '../engine/processes.ts';
import { EngineServer } from '../engine/server.ts';
import { socketPath } from '../engine/socketPath.ts';

/** Environment variables that may hold a model's key, in the order they are looked at. */
const secret = async (name: string): Promise<string | null> => process.env[name] ?? null;

/** Runs with the engine that owns the session, or with one of this process's own where nobody does.
 *  Others may attach to that one while it lasts. */
export async function withEngine<T>(
  workspace: string,
  session: string | null,
  use: (engine: EngineApi) => Promise<T>,
): Promise<T> {
  const owner = session === null ? null : await ownerOf(workspace, session);
  if (owner !== null) {
    const remote = await RemoteEngine.connect(owner, { name: 'command line', version, secret });
    try {
      return await use(remote);
    } finally {
      remote.dispose();
    }
  }
  const socket = await socketPath(workspace, `-${process.pid}`);
  const engineFile = fileURLToPath(new URL('./engine.mjs', import.meta.url));
  const engine = await Engine.open({ workspace, socket, supervisorArgv: supervisorArgv(engineFile), secret });
  const server = await EngineServer.listen(engine, socket);
  try {
    return await use(engine);
  } finally {
    await engine.close();
    server.close();
  }
}
