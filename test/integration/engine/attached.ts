import { RemoteEngine, type Surface } from '../../../src/engine/client.ts';

/** The engine that listens at a socket, or will within ten seconds. */
export async function attached(socket: string, surface: Surface): Promise<RemoteEngine> {
  for (let tries = 0; ; tries++) {
    try {
      return await RemoteEngine.connect(socket, surface);
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
