/**
 * What the words of the command line start, loaded when it is started: `mlr --help` and a slip of the fingers are
 * answered without reading a measuring engine first.
 */

export const read = later(async () => (await import('./commands/look.ts')).read);
export const sessions = later(async () => (await import('./commands/look.ts')).sessions);
export const follow = later(async () => (await import('./commands/look.ts')).follow);
export const clean = later(async () => (await import('./commands/clean.ts')).clean);
export const stop = later(async () => (await import('./commands/look.ts')).stop);
export const index = later(async () => (await import('./commands/look.ts')).index);
export const map = later(async () => (await import('./commands/workspace.ts')).map);
export const data = later(async () => (await import('./commands/workspace.ts')).data);
export const find = later(async () => (await import('./commands/find.ts')).find);
export const prototype = later(async () => (await import('./commands/prototype.ts')).prototype);
export const doctor = later(async () => (await import('./commands/workspace.ts')).doctor);
export const models = later(async () => (await import('./commands/models.ts')).models);
export const testModel = later(async () => (await import('./commands/modelTest.ts')).testModel);
export const prices = later(async () => (await import('./commands/prices.ts')).prices);
export const setKey = later(async () => (await import('./commands/modelKey.ts')).setKey);
export const removeKey = later(async () => (await import('./commands/modelKey.ts')).removeKey);
export const prompt = later(async () => (await import('./commands/prompt.ts')).prompt);
export const idea = later(async () => (await import('./commands/work.ts')).idea);
export const research = later(async () => (await import('./commands/work.ts')).research);
export const measure = later(async () => (await import('./commands/work.ts')).measure);
export const init = later(async () => (await import('./commands/init.ts')).init);
export const resume = later(async () => (await import('./commands/goOn.ts')).resume);
export const branch = later(async () => (await import('./commands/branch.ts')).branch);
export const answer = later(async () => (await import('./commands/goOn.ts')).answer);
export const accept = later(async () => (await import('./commands/accept.ts')).accept);
export const report = later(async () => (await import('./commands/evidence.ts')).report);
export const verify = later(async () => (await import('./commands/evidence.ts')).verify);
export const reproduce = later(async () => (await import('./commands/evidence.ts')).reproduce);
export const exportRuns = later(async () => (await import('./commands/evidence.ts')).exportRuns);

function later<Words extends unknown[]>(
  load: () => Promise<(...words: Words) => Promise<void>>,
): (...words: Words) => Promise<void> {
  return async (...words) => (await load())(...words);
}
