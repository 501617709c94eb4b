import type { ModelMessage } from '../../domain/conversation.ts';
import { isRefusal } from '../shownResult.ts';

const EDITS = ['edit_file', 'write_file'];

/** What of a change has run before anything is measured, by the conversation of the agent that wrote it: no time and no
 *  number, since a pilot is no result. */
export function pilotInWords(messages: readonly ModelMessage[]): string {
  const results = new Map(messages.flatMap((m) => (m.role === 'tool' ? [[m.callId, m.content] as const] : [])));
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const done = calls.filter(({ id }) => results.has(id) && !isRefusal(results.get(id) ?? ''));
  const pilot = done.findLastIndex(({ name }) => name === 'run_pilot');
  const edit = done.findLastIndex(({ name }) => EDITS.includes(name));
  if (pilot < 0 || pilot < edit) return 'No pilot of the change as it was handed in is known.';
  const failed = /^The pilot failed/.test(results.get(done[pilot]?.id ?? '') ?? '');
  return failed
    ? 'What has run: the pilot of the change as it was handed in, which failed.'
    : 'What has run: the pilot of the change as it was handed in, which went through. Nothing was measured.';
}
