import { existsSync } from 'node:fs';
import type { ModelChoice } from '../domain/event.ts';
import { keyNamesFor, OPENAI } from '../domain/keyNames.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { ModelError } from '../models/modelError.ts';
import { openaiCompatible } from '../models/openaiCompatible.ts';
import { recorded } from '../models/recorded.ts';
import { recorder } from '../models/recorder.ts';
import { withTextTools } from '../models/textTools.ts';
import { profiled } from './modelsHere.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

const made = new WeakMap<Ports, Promise<ChatModel>>();

/** The model a session thinks with, made at its first use: measuring never needs one.
 *  @throws ModelError `no-key`, `unknown-model` naming the setting, `prices`, `no-recording` where the recording is none */
export function chatModel(session: Session, ports: Ports): Promise<ChatModel> {
  const known = made.get(ports) ?? make(session, ports);
  made.set(ports, known);
  return known;
}

async function make(session: Session, ports: Ports): Promise<ChatModel> {
  const { replay, record } = ports.modelChoice;
  const key = replay === null ? await firstKey(ports, ports.modelChoice.baseUrl ?? OPENAI) : null;
  const model =
    replay === null
      ? await endpoint(ports.modelChoice, key)
      : await recorded(replay, { onDrift: (drift) => sayDrift(session, drift) });
  if (record === null) return model;
  const goesOn = session.state.conversations.size > 0 && existsSync(record);
  return recorder(model, { file: record, secrets: key === null ? [] : [key], goesOn });
}

async function endpoint(choice: ModelChoice, key: string | null): Promise<ChatModel> {
  if (choice.model === null) {
    throw new ModelError(
      'unknown-model',
      'No language model is chosen: set mlr.model in the settings, or MLR_MODEL or --model on the command line.',
    );
  }
  const named = { baseUrl: choice.baseUrl ?? OPENAI, model: choice.model };
  const model = openaiCompatible({
    ...named,
    profile: await profiled(named),
    ...(key !== null && { key }),
    ...(choice.firstTokenSeconds !== null && { firstTokenSeconds: choice.firstTokenSeconds }),
    ...(choice.retries !== null && { retries: choice.retries }),
    localOnly: choice.localOnly ?? false,
  });
  return withTextTools(model);
}

async function firstKey(ports: Ports, baseUrl: string): Promise<string | null> {
  for (const name of keyNamesFor(baseUrl)) {
    const key = await ports.secret(name);
    if (key !== null && key !== '') return key;
  }
  return null;
}

/** Where a prompt has changed since the recording, its answers may no longer fit: said, and gone on. */
function sayDrift(
  session: Session,
  drift: { agent: string; turn: number; differences: readonly { kind: string }[]; lines: readonly string[] },
): void {
  const unexpected = drift.lines.filter((_, i) => drift.differences[i]?.kind === 'other');
  if (unexpected.length === 0) return;
  const text = `The recorded request ${drift.turn} of the ${drift.agent} agent was a different one: ${unexpected.slice(0, 3).join('; ')}`;
  session.append({ type: 'notice', text }).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}
