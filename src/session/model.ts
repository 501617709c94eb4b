import { existsSync } from 'node:fs';
import type { ModelChoice } from '../domain/event.ts';
import { keyNamesFor, OPENAI } from '../domain/keyNames.ts';
import { type Lender, lentModelId } from '../domain/lentModel.ts';
import { modelFor, ROLES, type Role } from '../domain/role.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { lentModel } from '../models/lentModel.ts';
import { lentElsewhere } from '../models/localFetch.ts';
import { recorded } from '../models/recorded.ts';
import { recorders } from '../models/recorder.ts';
import { withTextTools } from '../models/textTools.ts';
import { endpointModel } from './endpointModel.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** The models of a session's roles, by what was chosen; roles with the same choice share one. */
interface Made {
  readonly models: Map<string, Promise<ChatModel>>;
  /** Puts a model's questions and answers into the session's recording. */
  readonly recording: Promise<(model: ChatModel) => ChatModel>;
}

const made = new WeakMap<Ports, Made>();

/** The model a session uses in a role, made at its first use: measuring never needs one.
 *  @throws ModelError `no-key`, `unknown-model` naming the setting, `prices`, `no-recording` where the recording is none */
export async function chatModel(session: Session, ports: Ports, role: Role = 'think'): Promise<ChatModel> {
  const { models, recording } = made.get(ports) ?? begin(session, ports);
  const choice = modelFor(ports.modelChoice, role);
  const key = choice.replay === null ? JSON.stringify([choice.baseUrl, choice.model]) : 'replay';
  const model = models.get(key) ?? make(session, ports, choice);
  models.set(key, model);
  const kept = await model;
  return (await recording)(kept);
}

function begin(session: Session, ports: Ports): Made {
  const begun = { models: new Map<string, Promise<ChatModel>>(), recording: recordingOf(session, ports) };
  // Whoever asks for a model is told; until then nobody listens.
  begun.recording.catch(() => undefined);
  made.set(ports, begun);
  return begun;
}

async function recordingOf(session: Session, ports: Ports): Promise<(model: ChatModel) => ChatModel> {
  const { record: file, model } = ports.modelChoice;
  if (file === null) return (one) => one;
  const choices = ROLES.map((role) => modelFor(ports.modelChoice, role));
  const keys = await Promise.all(choices.map((choice) => keyOf(ports.secret, choice)));
  const goesOn = session.state.conversations.size > 0 && existsSync(file);
  return recorders(model ?? 'no model', { file, secrets: keys.filter((key) => key !== null), goesOn });
}

async function make(session: Session, ports: Ports, choice: ModelChoice): Promise<ChatModel> {
  const { replay, model } = choice;
  if (replay !== null) return recorded(replay, { onDrift: (drift) => sayDrift(session, drift) });
  const lent = lentModelId(model);
  if (lent !== null) return fromEditor(session, lent, ports.lender, choice);
  return endpointModel(choice, await keyOf(ports.secret, choice), await ports.proxies());
}

/** The key of an endpoint; null where there is none, or no endpoint is asked. */
export async function keyOf(secret: Ports['secret'], { replay, model, baseUrl }: ModelChoice): Promise<string | null> {
  if (replay !== null || lentModelId(model) !== null) return null;
  for (const name of keyNamesFor(baseUrl ?? OPENAI)) {
    const key = await secret(name);
    if (key !== null && key !== '') return key;
  }
  return null;
}

/** @throws ModelError `left-machine` where nothing may leave it: nobody knows where an editor's model is */
async function fromEditor(session: Session, id: string, lender: Lender, choice: ModelChoice): Promise<ChatModel> {
  if (choice.localOnly) throw lentElsewhere(id);
  const model = await lentModel({
    id,
    lender,
    ...(choice.firstTokenSeconds !== null && { firstTokenSeconds: choice.firstTokenSeconds }),
    ...(choice.retries !== null && { retries: choice.retries }),
  });
  const text = `${model.name} takes no instructions apart from the conversation and tells neither tokens nor prices: instructions are its first message, and its own tokenizer counts.`;
  const said = session.log.events.some((event) => event.type === 'notice' && event.text === text);
  if (!said) await session.append({ type: 'notice', text });
  return withTextTools(model);
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
