import { ModelError } from './modelError.ts';
import type { HttpProxy } from './proxy.ts';

/** What a proxy did, where it is the proxy that failed; null where the fault lies behind it.
 *  @param host that was asked for */
export function explainProxyFailure(error: unknown, proxy: HttpProxy, host: string, cause: Error): ModelError | null {
  const { names } = proxy;
  const status = statusOf(error);
  if (status === 407) {
    const message = `The proxy ${proxy.host} asks who you are (407): put a name and a password into ${names.proxy}, as in http://NAME:PASSWORD@${proxy.host}.`;
    return new ModelError('unreachable', message, { cause });
  }
  if (status !== null) {
    const message = `The proxy ${proxy.host} does not lead to ${host} (${status}): ask whoever runs it, or list ${host} in ${names.except} if it can be reached directly.`;
    return new ModelError('unreachable', message, { passing: status >= 500, cause });
  }
  const lost = codesOf(error).find((code) => CANNOT_CONNECT.test(code));
  if (lost === undefined) return null;
  const message = `The proxy ${proxy.host} cannot be reached (${lost}): check ${names.proxy}, or list ${host} in ${names.except}.`;
  return new ModelError('unreachable', message, { passing: lost !== 'ENOTFOUND', cause });
}

/** With a proxy the only connection that is opened is the one to it. */
const CANNOT_CONNECT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

/** A proxy's own refusal: of a tunnel, as undici words it, or of a plain request. */
function statusOf(error: unknown): number | null {
  if (error instanceof Error && 'status' in error && error.status === 407) return 407;
  const words = chainOf(error).map(({ message }) =>
    /Proxy response \((\d+)\) !== 200|Proxy Authentication Required \((\d+)\)/.exec(message),
  );
  const found = words.find((match) => match !== null);
  return found ? Number(found[1] ?? found[2]) : null;
}

function codesOf(error: unknown): string[] {
  return chainOf(error).flatMap((one) => ('code' in one && typeof one.code === 'string' ? [one.code] : []));
}

function chainOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...chainOf(error.cause)] : [];
}
