import type { Asking } from '../../engine/finding.ts';
import { secret } from '../keyFile.ts';
import { type CommonOptions, switchedOn } from './options.ts';

/** Where a command asks from: with this process's own proxies and keys, until Ctrl-C; and whether nothing may leave this
 *  machine. */
export function asking({
  workspace,
  localOnly = false,
}: CommonOptions & { localOnly?: boolean }): Asking & { readonly localOnly: boolean } {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const isLocal = localOnly || switchedOn(process.env.MLR_LOCAL_ONLY);
  return { workspace, secret, proxies: null, signal: stop.signal, localOnly: isLocal };
}
