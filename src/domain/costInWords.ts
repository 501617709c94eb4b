import { type SessionCost, type ThinkingTotal, thinkingTotal } from './cost.ts';

/** What a session cost, in one line; '' where no model was asked and nothing was run. */
export function costLine(cost: SessionCost): string {
  const total = thinkingTotal(cost);
  const thought = total.answers === 0 ? [] : [thinkingWords(total)];
  const runs = cost.runs.reduce((sum, row) => sum + row.runs, 0);
  const seconds = cost.runs.reduce((sum, row) => sum + row.seconds, 0);
  return [...thought, ...(runs === 0 ? [] : [`${runs} runs in ${secondsWords(seconds)}`])].join('; ');
}

/** What models took, a line for each agent and phase, one for all where there are several, and the days of the prices.
 *  Where several models thought, each line names its own. */
export function thinkingLines(cost: SessionCost): string[] {
  const several = new Set(cost.thinking.map(({ model }) => model)).size > 1;
  const lines = cost.thinking.map((row) => {
    const by = several && row.model !== null ? ` with ${row.model}` : '';
    return `${row.agent} agent, ${row.phase}${by}: ${thinkingWords(row)}`;
  });
  const all = lines.length < 2 ? [] : [`in all: ${thinkingWords(thinkingTotal(cost))}`];
  const days = cost.pricedOn.length === 0 ? [] : [`at prices of ${cost.pricedOn.join(' and ')}`];
  return [...lines, ...all, ...days];
}

/** What runs took, a line for each kind. */
export function runLines(cost: SessionCost): string[] {
  return cost.runs.map(({ purpose, runs, seconds }) => `${purpose}: ${counted(runs, 'run')}, ${secondsWords(seconds)}`);
}

export function thinkingWords(total: ThinkingTotal): string {
  const { answers, promptTokens, cachedTokens, completionTokens, seconds } = total;
  const cached = cachedTokens === 0 ? '' : ` (${grouped(cachedTokens)} cached)`;
  const tokens = `${grouped(promptTokens)} tokens read${cached} and ${grouped(completionTokens)} written`;
  return [counted(answers, 'answer'), tokens, moneyWords(total), secondsWords(seconds)].join(', ');
}

/** What is not known is said, not left out. */
export function moneyWords({ answers, usd, unpriced }: Pick<ThinkingTotal, 'answers' | 'usd' | 'unpriced'>): string {
  if (unpriced === answers) return 'price unknown';
  const known = dollars(usd);
  return unpriced === 0 ? known : `${known} and ${counted(unpriced, 'answer')} of unknown price`;
}

export function dollars(usd: number): string {
  return `$${usd === 0 || usd >= 1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

export function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function secondsWords(seconds: number): string {
  return seconds < 100 ? `${Number(seconds.toPrecision(2))} s` : `${grouped(seconds / 60)} min`;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}
