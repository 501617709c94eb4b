import type { ModelChoice } from '../domain/event.ts';
import type { tryEndpoint } from '../session/endpointModel.ts';
import type { ModelsHere } from '../session/modelsHere.ts';
import type { Prices } from '../session/prices.ts';

export type { ChosenModel, ModelsHere } from '../session/modelsHere.ts';
export type { Prices } from '../session/prices.ts';

/** What there is to think with: keys by name, servers on this machine, and what is chosen.
 *  @param kept names of the keys that the surface keeps
 *  @param patience milliseconds that a server on this machine may take for an answer
 *  @throws ModelError `prices`, `unreachable` */
export async function findModels(
  choice: Pick<ModelChoice, 'model' | 'baseUrl'>,
  environment: NodeJS.ProcessEnv,
  kept: readonly string[],
  patience?: number,
): Promise<ModelsHere> {
  const { modelsHere } = await import('../session/modelsHere.ts');
  return modelsHere(choice, { environment, kept, ...(patience !== undefined && { patience }) });
}

/** Tries the chosen model with real questions, and keeps what it did.
 *  @param secret a key by its name
 *  @throws ModelError */
export async function testModel(
  choice: ModelChoice,
  secret: (name: string) => Promise<string | null>,
  options: Parameters<typeof tryEndpoint>[2],
): ReturnType<typeof tryEndpoint> {
  const [{ tryEndpoint }, { keyOf }] = await Promise.all([
    import('../session/endpointModel.ts'),
    import('../session/model.ts'),
  ]);
  return tryEndpoint(choice, await keyOf(secret, choice), options);
}

/** All prices that hold, and the file of a person's own.
 *  @throws ModelError `prices` */
export async function listPrices(): Promise<Prices> {
  return (await import('../session/prices.ts')).prices();
}

/** A file of one's own prices to edit, written where there is none.
 *  @returns its path */
export async function beginPrices(choice: Pick<ModelChoice, 'model' | 'baseUrl'>): Promise<string> {
  return (await import('../session/prices.ts')).beginPrices(choice);
}
