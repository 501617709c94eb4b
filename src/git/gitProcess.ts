import { stat } from 'node:fs/promises';
import { simpleGit } from 'simple-git';
import { GitError } from './gitError.ts';
import type { Place } from './place.ts';

export interface GitCall {
  /** A folder to start git in; or a repository whose place is known, which git then does not search for. */
  readonly at: Place | string;
  readonly args: readonly string[];
  /** Written to git's standard input, which is then closed. */
  readonly input?: Buffer;
  /** Added to the allow-listed environment: GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, … */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer, not a failure; [0] where not given. */
  readonly exits?: readonly number[];
  /** Ends git where it fires. */
  readonly signal?: AbortSignal;
}

export interface GitAnswer {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exit: number;
}

/** Starts git: the only function of the program that does. It never prompts, pages, signs, runs a hook or
 *  a file-system monitor, and takes nothing of the caller's environment but what git needs to be found and configured.
 *  @throws GitError `no-git` when git cannot be started, `failed` on an exit code that was not expected */
export async function git(call: GitCall): Promise<GitAnswer> {
  const answer = await gitAnswer(call);
  if ((call.exits ?? [0]).includes(answer.exit)) return answer;
  const words = answer.stderr.trim();
  const lines = words.split('\n');
  const said =
    lines.find((line) => line.startsWith('fatal:')) ?? lines.find((line) => line.startsWith('error:')) ?? lines[0];
  throw new GitError(
    'failed',
    `git ${verbOf(call)} failed in ${folderOf(call)}: ${said || `exit ${answer.exit}`}`,
    words,
  );
}

/** Like `git`, for whoever reads the exit code himself.
 *  @throws GitError `no-git` */
export async function gitAnswer(call: GitCall): Promise<GitAnswer> {
  const env = { ...inherited(), ...fixedEnvironment, ...placeEnvironment(call.at), ...call.env };
  const { input, signal } = call;
  let result: { stdout: Buffer; stderr: string; exit: number } | undefined;
  let unstarted: unknown;
  try {
    await simpleGit({
      baseDir: folderOf(call),
      config: fixedConfiguration,
      allowEnvironment: Object.keys(env),
      // These switches of simple-git guard against configuration from outside; here they only allow our own, which turns things off.
      unsafe: {
        allowUnsafeHooksPath: true,
        allowUnsafeFsMonitor: true,
        allowUnsafeAskPass: true,
        allowUnsafeConfigPaths: true,
      },
      completion: { onClose: true, onExit: false },
      ...(input === undefined ? {} : { input: () => input }),
      ...(signal && { abort: signal }),
      errors: (error, { stdOut, stdErr, exitCode }) => {
        result = { stdout: Buffer.concat(stdOut), stderr: Buffer.concat(stdErr).toString('utf8'), exit: exitCode };
        if (exitCode < 0 && error) unstarted = error;
        return undefined;
      },
    })
      .env(env)
      .outputHandler((_command, stdout) => {
        // Where a command prints nothing, simple-git waits 50 ms more for output; at the stream's end there is none to wait for.
        stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)));
      })
      .raw([...call.args]);
  } catch (error) {
    unstarted = error;
  }
  if (unstarted !== undefined || result === undefined) throw await notStarted(call, unstarted);
  return result;
}

/** Who our own commits are by; passed in the environment, never written to a configuration. */
const identity = { name: 'MLR Copilot', email: 'mlr-copilot@localhost' };

const fixedEnvironment: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_AUTHOR_NAME: identity.name,
  GIT_AUTHOR_EMAIL: identity.email,
  GIT_COMMITTER_NAME: identity.name,
  GIT_COMMITTER_EMAIL: identity.email,
};

const fixedConfiguration = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.askPass=',
  'core.quotePath=false',
  'core.safecrlf=false',
  'core.splitIndex=false',
  'core.logAllRefUpdates=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'i18n.commitEncoding=UTF-8',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
];

/** What git needs of the caller: to be found, to read the user's own configuration, and a place for temporary files. */
const inheritedNames = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
];

/** What git was asked to do: its first word that is no setting. */
function verbOf({ args }: GitCall): string {
  return args.find((word, at) => word !== '-c' && args[at - 1] !== '-c') ?? '';
}

function folderOf({ at }: GitCall): string {
  return typeof at === 'string' ? at : at.top;
}

function placeEnvironment(at: Place | string): Record<string, string> {
  return typeof at === 'string' ? {} : { GIT_DIR: at.gitDir, GIT_WORK_TREE: at.top };
}

function inherited(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && inheritedNames.includes(name.toUpperCase())) kept[name] = value;
  }
  return kept;
}

async function notStarted(call: GitCall, cause: unknown): Promise<GitError> {
  const folder = await stat(folderOf(call)).catch(() => null);
  if (!folder?.isDirectory())
    return new GitError('no-repository', `${folderOf(call)} is not a folder; open an existing one`);
  const words = cause instanceof Error ? cause.message : String(cause);
  return words.includes('ENOENT')
    ? new GitError('no-git', 'git was not found on PATH; install git 2.30 or newer', words, { cause })
    : new GitError(
        'failed',
        `git ${verbOf(call)} could not be started in ${folderOf(call)}: ${words.split('\n')[0]}`,
        words,
        { cause },
      );
}
