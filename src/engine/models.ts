import type { ModelChoice } from '../domain/event.ts';
import type { ModelsHere } from '../session/modelsHere.ts';

export type { ChosenModel, ModelsHere } from '../session/modelsHere.ts';

/** What there is to think with: keys by name, servers on this machine, and what is chosen.
 *  @throws ModelError `prices`, `unreachable` */
export async function findModels(choice: ModelChoice): Promise<ModelsHere> {
  const { modelsHere } = await import('../session/modelsHere.ts');
  return modelsHere(choice);
}
