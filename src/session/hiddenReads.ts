import type { EventBody, SessionEvent } from '../domain/event.ts';
import type { Idea } from '../domain/idea.ts';
import { readArguments } from '../models/nearlyJson.ts';
import { isWithin, meant, visiblePath } from '../workspace/readText.ts';
import { readableLogs } from './store.ts';

/** Tools that are told which files to read; the others show the place of every line. */
const READERS = new Set(['read_file', 'profile_data']);

/** What hidden files may have told a session's change: what its own agents were shown, and, where its idea comes from an
 *  earlier session of this workspace, what that one's were before they proposed it. An idea is known again by its title
 *  or its hypothesis, as a person may have edited the rest.
 *  @param hidden files and folders, relative to the workspace folder */
export async function hiddenReadsBehind(
  session: { readonly id: string; readonly events: readonly SessionEvent[] },
  workspace: string,
  hidden: readonly string[],
): Promise<string[]> {
  const own = await hiddenReads(session.events, workspace, hidden);
  const chosen = session.events.findLast((event) => event.type === 'idea.chosen')?.idea;
  if (chosen === undefined || proposalOf(chosen, session.events) >= 0) return own;
  const inherited: string[] = [];
  for await (const { id, events } of readableLogs(workspace)) {
    const at = id === session.id ? -1 : proposalOf(chosen, events);
    if (at < 0) continue;
    const reads = await hiddenReads(events.slice(0, at), workspace, hidden);
    inherited.push(...reads.map((read) => `${read} in session ${id}, which proposed this idea`));
  }
  return [...inherited, ...own];
}

function proposalOf({ title, hypothesis }: Idea, events: readonly SessionEvent[]): number {
  return events.findLastIndex(
    (event) =>
      event.type === 'ideas.proposed' &&
      event.ideas.ideas.some((idea) => idea.title === title || idea.hypothesis === hypothesis),
  );
}

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
