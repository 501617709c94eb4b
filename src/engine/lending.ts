import { CancellationTokenSource, type MessageConnection } from 'vscode-jsonrpc/node';
import type { Lender, LentAnswer, LentModel, LentRequest } from '../domain/lentModel.ts';
import * as protocol from './protocol.ts';

/** The models of the surfaces that are attached to an engine, the newest surface asked first. */
export class Lending implements Lender {
  private readonly surfaces: ReadonlySet<MessageConnection>;
  private readonly listeners = new Map<number, (text: string) => void>();
  private asks = 0;

  constructor(surfaces: ReadonlySet<MessageConnection>) {
    this.surfaces = surfaces;
  }

  /** To be called once for each surface, before it is listened to. */
  hear(surface: MessageConnection): void {
    surface.onNotification(protocol.lentText, ({ ask, text }) => this.listeners.get(ask)?.(text));
  }

  async models(): Promise<LentModel[]> {
    const lists = await Promise.all(this.newestFirst().map(modelsOf));
    const all = lists.flat();
    return all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
  }

  async ask(request: LentRequest, onText: (delta: string) => void, signal: AbortSignal): Promise<LentAnswer> {
    const surface = await this.whoHas(request.id);
    if (!surface) return { kind: 'none', why: 'nobody', said: '' };
    const ask = ++this.asks;
    const source = new CancellationTokenSource();
    const stop = () => source.cancel();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.listeners.set(ask, onText);
    try {
      return await untilClosed(surface, surface.sendRequest(protocol.askLentModel, { ask, request }, source.token), {
        kind: 'none',
        why: 'left',
        said: '',
      });
    } finally {
      this.listeners.delete(ask);
      signal.removeEventListener('abort', stop);
      source.dispose();
    }
  }

  private async whoHas(id: string): Promise<MessageConnection | undefined> {
    for (const surface of this.newestFirst()) {
      if ((await modelsOf(surface)).some((model) => model.id === id)) return surface;
    }
    return undefined;
  }

  private newestFirst(): MessageConnection[] {
    return [...this.surfaces].reverse();
  }
}

function modelsOf(surface: MessageConnection): Promise<readonly LentModel[]> {
  return untilClosed(surface, surface.sendRequest(protocol.listLentModels, null), []);
}

/** A connection that closes leaves its requests open for ever. */
async function untilClosed<T>(surface: MessageConnection, answer: Promise<T>, otherwise: T): Promise<T> {
  let end: { dispose(): void } | undefined;
  const closed = new Promise<T>((resolve) => {
    end = surface.onClose(() => resolve(otherwise));
  });
  try {
    return await Promise.race([answer, closed]);
  } finally {
    end?.dispose();
  }
}
