import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ContainerPlace } from '../../../src/domain/run.ts';
import { findImage } from '../../../src/runs/container/engine.ts';

const IMAGE = 'localhost/mlr-test:latest';

/** Engines on machines like CI's want settings that a desktop's bring along. */
export const ENGINE_SETTINGS = join(import.meta.dirname, 'containers.conf');

/** A small image with Python, made from this machine's own files; where there is no engine, why. */
export async function testImage(): Promise<ContainerPlace | string> {
  process.env.CONTAINERS_CONF ??= ENGINE_SETTINGS;
  const here = await findImage({ image: IMAGE }).catch(() => null);
  if (here !== null) return here;
  try {
    await promisify(execFile)('bash', [join(import.meta.dirname, 'baseImage.sh'), 'mlr-test'], { timeout: 120_000 });
    return await findImage({ image: IMAGE });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
