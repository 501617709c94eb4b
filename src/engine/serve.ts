import { rm } from 'node:fs/promises';
import path from 'node:path';
import { takeLock } from '../runs/lock.ts';
import { prepareStore } from '../session/store.ts';
import { Engine, NOBODY } from './engine.ts';
import { supervisorArgv } from './processes.ts';
import { EngineServer } from './server.ts';
import { socketPath } from './socketPath.ts';

/** With no surface and nothing to do for this long the engine ends. Milliseconds. */
const IDLE_LIMIT = 10 * 60_000;
const IDLE_LOOK = 5_000;

/** Serves a workspace folder until nobody needs it.
 *  @returns the exit code; 0 also where another engine serves the folder already */
export async function serve(workspace: string): Promise<number> {
  const store = await prepareStore(workspace);
  const socket = await socketPath(workspace);
  const lock = await takeLock(path.join(store, 'engine.lock'), { socket }).catch((error: { reason?: string }) => {
    if (error.reason === 'locked') return undefined;
    throw error;
  });
  if (!lock) return 0;
  // Whatever stands at the socket's path was left by an engine that is gone: the lock is ours.
  await rm(socket, { force: true });
  const door: { server?: EngineServer } = {};
  const engine = await Engine.open({
    workspace,
    socket,
    supervisorArgv: supervisorArgv(import.meta.url),
    secret: async (name) => (await door.server?.secret(name)) ?? null,
    proxies: async () => (await door.server?.proxies()) ?? null,
    lender: {
      models: async () => (await door.server?.lender.models()) ?? [],
      ask: async (...asked) => (await door.server?.lender.ask(...asked)) ?? NOBODY,
    },
  });
  const server = await EngineServer.listen(engine, socket);
  door.server = server;
  await unneeded(engine, server);
  server.close();
  await engine.close();
  await lock.release();
  return 0;
}

function unneeded(engine: Engine, server: EngineServer): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (engine.busy || server.emptyFor < IDLE_LIMIT) return;
      clearInterval(look);
      resolve();
    }, IDLE_LOOK);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        clearInterval(look);
        resolve();
      });
    }
  });
}
