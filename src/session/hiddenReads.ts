import type { EventBody, SessionEvent } from '../domain/event.ts';
import { readArguments } from '../models/nearlyJson.ts';
import { isWithin, meant, visiblePath } from '../workspace/readText.ts';

/** Tools that are told which files to read; the others show the place of every line. */
const READERS = new Set(['read_file', 'profile_data']);

/** What of the hidden files agents of a session were shown, in words: an agent may have looked before a contract, or
 *  another one, hid them.
 *  @param hidden files and folders, relative to the workspace folder */
export async function hiddenReads(
  events: readonly SessionEvent[],
  workspace: string,
  hidden: readonly string[],
): Promise<string[]> {
  const places = await meant(workspace, hidden);
  const asked = new Map<string, string>();
  const reads = new Set<string>();
  for (const event of events) {
    if (event.type === 'agent.message') {
      for (const { id, arguments: given } of event.toolCalls) asked.set(`${event.call} ${id}`, given);
    }
    if (event.type !== 'agent.tool' || !event.ok) continue;
    for (const path of pathsOf(event, asked.get(`${event.call} ${event.callId}`) ?? '')) {
      const seen = await hiddenAt(path, workspace, places, READERS.has(event.name));
      if (seen !== undefined) reads.add(`the ${event.agent} agent read ${seen} (${event.name})`);
    }
  }
  return [...reads];
}

function pathsOf({ name, whole, content }: EventBody<'agent.tool'>, given: string): string[] {
  return READERS.has(name) ? pathsAsked(given) : pathsShown(whole?.text ?? content);
}

function pathsAsked(given: string): string[] {
  const read = readArguments(given);
  const { path, paths } = Object('value' in read ? read.value : {}) as { path?: unknown; paths?: unknown };
  return [path, ...(Array.isArray(paths) ? paths : [])].filter((one) => typeof one === 'string');
}

function pathsShown(text: string): string[] {
  const found = text.split('\n').flatMap((line) => /^([^\s:][^:]*):\d+(?:-\d+)?(?:[: ]|$)/.exec(line)?.[1] ?? []);
  return [...new Set(found)];
}

/** The hidden place that is meant by a path, or lies in a folder that was read whole. */
async function hiddenAt(
  path: string,
  workspace: string,
  places: readonly string[],
  isWhole: boolean,
): Promise<string | undefined> {
  const found = await visiblePath(workspace, path);
  const at = found.ok ? found.path : path;
  if (isWithin(at, places)) return at;
  return isWhole ? places.find((place) => at === '' || isWithin(place, [at])) : undefined;
}
