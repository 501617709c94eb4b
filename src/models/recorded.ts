import { basename } from 'node:path';
import type { ChatModel, ModelRequest } from './chatModel.ts';
import { type Difference, describeDifference, differences } from './drift.ts';
import { withHome, withoutHome } from './homePath.ts';
import { ModelError } from './modelError.ts';
import { type RecordedEntry, readRecording } from './recording.ts';

export interface RecordedOptions {
  /** Told of every request that is not the recorded one word for word; the answer is given all the same. */
  readonly onDrift?: (entry: DriftEntry) => void;
}

/** How one request differed from the recorded one. */
export interface DriftEntry {
  readonly agent: string;
  readonly turn: number;
  readonly differences: readonly Difference[];
  /** As lines to print. */
  readonly lines: readonly string[];
}

/** A recording in place of a model: the recorded words for the same agent and turn. Where an agent was started
 *  several times, the recorded request nearest to the one asked is meant.
 *  @throws ModelError `no-recording` where the file is no recording; when asked, `drift` where it holds no answer */
export async function recorded(file: string, options: RecordedOptions = {}): Promise<ChatModel> {
  const recording = await readRecording(file);
  const name = `recording ${basename(file)} of ${recording.model}`;
  const used = new Set<RecordedEntry>();
  return {
    name,
    recorded: true,
    // What is only read again costs nothing.
    price: () => ({ usd: 0, dated: recording.at.slice(0, 10) }),
    async complete(request) {
      if (request.signal.aborted) throw new ModelError('aborted', 'The replay was stopped.');
      const nearest = nearestEntry(recording.entries, used, request);
      if (!nearest) {
        const message = `The ${name} holds no answer ${request.turn} of the ${request.agent} agent: make a new recording with --record, or use a model.`;
        throw new ModelError('drift', message);
      }
      const { entry, found } = nearest;
      used.add(entry);
      if (found.length > 0) {
        const { agent, turn } = request;
        options.onDrift?.({ agent, turn, differences: found, lines: found.map(describeDifference) });
      }
      const answer = withHome(entry.answer);
      if (answer.text !== '') request.onText?.(answer.text);
      return { ...answer, cut: answer.cut ?? false, model: name };
    },
  };
}

function nearestEntry(
  entries: readonly RecordedEntry[],
  used: ReadonlySet<RecordedEntry>,
  request: ModelRequest,
): { entry: RecordedEntry; found: Difference[] } | null {
  const asked = withoutHome({ messages: [...request.messages], tools: request.tools.map((tool) => ({ ...tool })) });
  const candidates = entries
    .filter(({ agent, turn }) => agent === request.agent && turn === request.turn)
    .map((entry) => ({ entry, found: differences(withoutHome(entry.request), asked) }));
  const weight = ({ entry, found }: (typeof candidates)[number]) =>
    found.filter(({ kind }) => kind === 'other').length * 1_000 + found.length + (used.has(entry) ? 0.5 : 0);
  return candidates.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}
