import type { Price, Usage } from '../domain/conversation.ts';
import type { PriceTable, Tariff } from './priceTable.ts';

/** What is known of a model before it is asked anything. */
export interface ModelProfile {
  /** The endpoint is on this machine. */
  readonly local: boolean;
  /** Most tokens that a request and its answer may hold together; null where nobody knows. */
  readonly contextTokens: number | null;
  /** Null where nobody knows what it costs. */
  readonly price: DatedTariff | null;
  /** Ollama serves it, and is to be asked for its context with every request. */
  readonly ollama?: true;
}

export interface DatedTariff extends Tariff {
  readonly above?: (Tariff & { readonly promptTokens: number }) | undefined;
  readonly dated: string;
  readonly source?: string | undefined;
}

/** A price belongs to an endpoint: the same model may cost something else at another. On this machine it costs nothing,
 *  unless the table says so.
 *  @param today the day (ISO 8601) that a price of nothing is dated with */
export function profileOf(
  { baseUrl, model }: { readonly baseUrl: string; readonly model: string },
  table: PriceTable,
  today = new Date().toISOString().slice(0, 10),
): ModelProfile {
  const url = new URL(baseUrl);
  const entries = table.providers
    .filter(({ host }) => host === url.host || host === url.hostname)
    .flatMap(({ models, dated, source }) => {
      const entry = models[model] ?? models[undated(model)];
      return entry ? [{ ...entry, dated, source }] : [];
    });
  const local = isLocal(url.hostname);
  const prices = entries.flatMap(({ input, output, cached, write, above, dated, source }) =>
    input === undefined || output === undefined ? [] : [{ input, output, cached, write, above, dated, source }],
  );
  const free = local ? { input: 0, output: 0, dated: today } : null;
  return {
    local,
    contextTokens: entries.find(({ context }) => context !== undefined)?.context ?? null,
    price: prices[0] ?? free,
  };
}

/** What an answer cost, never less than the endpoint will ask for at these prices. */
export function costOf(usage: Usage, price: DatedTariff): Price {
  const { promptTokens, completionTokens } = usage;
  const { above } = price;
  const held = above && promptTokens > above.promptTokens ? above : price;
  const cached = Math.min(usage.cachedTokens ?? 0, promptTokens);
  const fresh = (promptTokens - cached) * Math.max(held.input, held.write ?? 0);
  const usd = (fresh + cached * (held.cached ?? held.input) + completionTokens * held.output) / 1_000_000;
  return { usd, dated: price.dated };
}

export function isLocal(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Providers name snapshots by their day: `gpt-4.1-2025-04-14`, `claude-haiku-4-5-20251001`. */
function undated(model: string): string {
  return model.replace(/-(\d{4}-\d\d-\d\d|\d{8})$/, '');
}
