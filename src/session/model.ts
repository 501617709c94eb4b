import { existsSync } from 'node:fs';
import type { ModelChoice } from '../domain/event.ts';
import { keyNamesFor, OPENAI } from '../domain/keyNames.ts';
import { lentModelId } from '../domain/lentModel.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { lentModel } from '../models/lentModel.ts';
import { lentElsewhere } from '../models/localFetch.ts';
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
  const { record, replay, model: name, baseUrl } = ports.modelChoice;
  const needsKey = replay === null && lentModelId(name) === null;
  const key = needsKey ? await firstKey(ports, baseUrl ?? OPENAI) : null;
  const model = await chosen(session, ports, key);
  if (record === null) return model;
  const goesOn = session.state.conversations.size > 0 && existsSync(record);
  return recorder(model, { file: record, secrets: key === null ? [] : [key], goesOn });
}

async function chosen(session: Session, ports: Ports, key: string | null): Promise<ChatModel> {
  const { replay, model } = ports.modelChoice;
  if (replay !== null) return recorded(replay, { onDrift: (drift) => sayDrift(session, drift) });
  const lent = lentModelId(model);
  return lent === null ? endpoint(ports.modelChoice, key) : fromEditor(session, lent, ports);
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

/** @throws ModelError `left-machine` where nothing may leave it: nobody knows where an editor's model is */
async function fromEditor(session: Session, id: string, { lender, modelChoice }: Ports): Promise<ChatModel> {
  if (modelChoice.localOnly) throw lentElsewhere(id);
  const model = await lentModel({
    id,
    lender,
    ...(modelChoice.firstTokenSeconds !== null && { firstTokenSeconds: modelChoice.firstTokenSeconds }),
    ...(modelChoice.retries !== null && { retries: modelChoice.retries }),
  });
  const text = `${model.name} takes no instructions apart from the conversation and tells neither tokens nor prices: instructions are its first message, and its own tokenizer counts.`;
  const said = session.log.events.some((event) => event.type === 'notice' && event.text === text);
  if (!said) await session.append({ type: 'notice', text });
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
