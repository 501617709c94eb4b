import { argumentAt } from './latexText.ts';

const DEFINITION =
  /\\(?:newcommand|renewcommand|providecommand|DeclareRobustCommand)\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))|\\[gex]?def\s*\\([A-Za-z]+)((?:\s*#\d)*)(?=\s*\{)|\\(?:re)?newenvironment\*?\s*\{([A-Za-z]+\*?)\}/g;

/** Commands that say what a paper's parts are: set in another way by a paper, they mean the same. */
const PARTS =
  /^(?:(?:sub){0,2}section|chapter|paragraph|appendix|title|author|abstract|[a-z]*cite[a-z]*|bibliography|bibitem|caption|label|[a-z]*ref|input|include|begin|end|item|verb)$/i;

/** What decides or builds names as it is set cannot be put in as text. */
const CLEVER = /\\(?:if|else|fi\b|csname|expandafter|@|futurelet|loop|write|read|catcode)/;

/** How many commands are taken, how long each may be, how often what they stand for is looked through again, and how much
 *  all their uses may add, in characters. */
const MAX_MACROS = 1000;
const MAX_MACRO = 2000;
const MAX_PASSES = 8;
const MAX_ADDED = 1_000_000;

interface Macro {
  readonly text: string;
  readonly arguments: number;
  /** What the first argument is where it is left out; null where it may not be. */
  readonly fallback: string | null;
}

interface Definitions {
  readonly commands: ReadonlyMap<string, Macro>;
  readonly environments: ReadonlyMap<string, readonly [begin: string, end: string]>;
  /** The source without them. */
  readonly rest: string;
}

/** Puts in the text of the paper's own commands and environments, and takes their definitions out. Those that define each
 *  other without end are put in so often and no more. */
export function withMacros(source: string): string {
  const { commands, environments, rest } = definedIn(source);
  const spent = { added: 0 };
  let text = rest.replace(/\\(begin|end)\s*\{([A-Za-z]+\*?)\}/g, (use, which: string, name: string) => {
    const own = environments.get(name);
    return own === undefined ? use : paid(spent, use, own[which === 'begin' ? 0 : 1]);
  });
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const next = expandedOnce(text, commands, spent);
    if (next === text) break;
    text = next;
  }
  return text;
}

/** What is put in; the use itself once there is no more room. */
function paid(spent: { added: number }, use: string, text: string): string {
  if (spent.added + text.length > MAX_ADDED) return use;
  spent.added += text.length;
  return text;
}

function definedIn(source: string): Definitions {
  const commands = new Map<string, Macro>();
  const environments = new Map<string, readonly [string, string]>();
  let rest = '';
  let from = 0;
  let seen = 0;
  for (const match of source.matchAll(DEFINITION)) {
    if (++seen > MAX_MACROS) break;
    const definition = match.index < from ? null : definitionAt(source, match);
    if (definition === null) continue;
    const { command, environment, macro, ending } = definition;
    if (command !== undefined && canStand(command, macro.text)) commands.set(command, macro);
    const isFixed = macro.arguments === 0 && isPlain(macro.text) && isPlain(ending);
    if (environment !== undefined && isFixed) environments.set(environment, [macro.text, ending]);
    rest += source.slice(from, match.index);
    from = definition.end;
  }
  return { commands, environments, rest: rest + source.slice(from) };
}

function definitionAt(source: string, match: RegExpExecArray) {
  const [whole, braced, plain, defined, parameters, environment] = match;
  const signature = signatureAt(source, match.index + whole.length, parameters ?? '');
  const body = argumentAt(source, signature.end);
  const ending = body === null || environment === undefined ? body : argumentAt(source, body.end);
  if (body === null || ending === null) return null;
  const { end: _, ...takes } = signature;
  const macro: Macro = { text: body.text, ...takes };
  return { command: braced ?? plain ?? defined, environment, macro, ending: ending.text, end: ending.end };
}

/** How many arguments a definition says that it takes. */
function signatureAt(source: string, from: number, parameters: string) {
  const said = parameters.match(/#/g)?.length;
  if (said !== undefined) return { arguments: said, fallback: null, end: from };
  const count = argumentAt(source, from, '[', ']');
  const fallback = count === null ? null : argumentAt(source, count.end, '[', ']');
  const end = fallback?.end ?? count?.end ?? from;
  return { arguments: Math.min(9, Number(count?.text) || 0), fallback: fallback?.text ?? null, end };
}

function canStand(name: string, text: string): boolean {
  return isPlain(text) && !PARTS.test(name) && !uses(text, name);
}

function isPlain(text: string): boolean {
  return text.length < MAX_MACRO && !CLEVER.test(text);
}

function uses(text: string, name: string): boolean {
  return new RegExp(`\\\\${name}(?![A-Za-z])`).test(text);
}

function expandedOnce(source: string, commands: ReadonlyMap<string, Macro>, spent: { added: number }): string {
  let text = '';
  let from = 0;
  for (const match of source.matchAll(/\\(?:([A-Za-z]+)|[^A-Za-z])/g)) {
    const macro = commands.get(match[1] ?? '');
    if (macro === undefined || match.index < from) continue;
    const after = match.index + match[0].length;
    const taken = argumentsAt(source, after, macro);
    if (taken === null) continue;
    const put = macro.text.replace(/#(\d)/g, (_, number: string) => taken.texts[Number(number) - 1] ?? '');
    if (spent.added + put.length > MAX_ADDED) break;
    spent.added += put.length;
    text += source.slice(from, match.index) + put;
    from = taken.end;
  }
  return text + source.slice(from);
}

function argumentsAt(source: string, from: number, macro: Macro): { texts: string[]; end: number } | null {
  if (macro.arguments === 0) return { texts: [], end: source.startsWith('{}', from) ? from + 2 : from };
  const texts: string[] = [];
  let end = from;
  if (macro.fallback !== null) {
    const given = argumentAt(source, end, '[', ']');
    texts.push(given?.text ?? macro.fallback);
    end = given?.end ?? end;
  }
  while (texts.length < macro.arguments) {
    const given = argumentAt(source, end) ?? tokenAt(source, end);
    if (given === null) return null;
    texts.push(given.text);
    end = given.end;
  }
  return { texts, end };
}

/** An argument without braces is a single letter or command. */
function tokenAt(source: string, from: number): { text: string; end: number } | null {
  const token = /\s*(\\[A-Za-z]+|\\.|[^\s{}\\])/y;
  token.lastIndex = from;
  const [whole, text] = token.exec(source) ?? [];
  return whole === undefined || text === undefined ? null : { text, end: from + whole.length };
}
