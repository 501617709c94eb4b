import { BlockList, isIP } from 'node:net';
import type { ProxySettings } from '../domain/proxySettings.ts';
import { ModelError } from './modelError.ts';
import { isLocal } from './profile.ts';

/** The proxy that leads to one endpoint. */
export interface HttpProxy {
  /** May hold a name and a password, so it is for no message. */
  readonly url: string;
  readonly host: string;
  readonly names: ProxySettings['names'];
}

/** The variables that other programs obey too; a lower-case one goes before.
 *  Source: https://curl.se/docs/manpage.html (ENVIRONMENT) */
export function proxiesIn(environment: NodeJS.ProcessEnv): ProxySettings {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || null;
  const all = named('ALL_PROXY');
  return {
    http: named('HTTP_PROXY') ?? all,
    https: named('HTTPS_PROXY') ?? all,
    except: named('NO_PROXY') ?? '',
    names: { proxy: 'HTTPS_PROXY or HTTP_PROXY', except: 'NO_PROXY' },
  };
}

/** What an endpoint is asked through; null where it is asked directly, as everything on this machine is.
 *  @throws ModelError `unreachable` where what is set is no proxy */
export function proxyFor(baseUrl: string, proxies: ProxySettings): HttpProxy | null {
  const { protocol, hostname, port } = new URL(baseUrl);
  const set = protocol === 'https:' ? proxies.https : proxies.http;
  if (set === null || isLocal(hostname)) return null;
  const at = { host: hostname.replace(/^\[|\]$/g, ''), port: port || (protocol === 'https:' ? '443' : '80') };
  if (proxies.except.split(/[\s,]+/).some((entry) => covers(entry, at))) return null;
  const url = /^[a-z\d+.-]+:\/\//i.test(set) ? set : `http://${set}`;
  const known = URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol);
  if (known) return { url, host: new URL(url).host, names: proxies.names };
  throw new ModelError(
    'unreachable',
    `${proxies.names.proxy} is no proxy that can be used: set it to a URL such as http://proxy.example:3128, or list ${at.host} in ${proxies.names.except}.`,
  );
}

/** A `fetch` that asks through a proxy and never past it. */
export async function fetchThrough({ url }: HttpProxy): Promise<typeof fetch> {
  // Bundled, it has its default export alone.
  const { default: undici } = await import('undici');
  const dispatcher = new undici.ProxyAgent({ uri: url, proxyTunnel: false });
  // The same standard under two names: Node's own `fetch` takes no dispatcher of another version.
  return ((input: string, init: object) => undici.fetch(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

/** Whether an entry of NO_PROXY means a host: `*`, a name with what lies below it, an address, or a network of them. */
function covers(entry: string, { host, port }: { host: string; port: string }): boolean {
  if (entry === '*') return true;
  if (entry === '') return false;
  if (entry.includes('/')) return isWithin(host, entry);
  const [, name = '', onlyPort] = /^(.+?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const own = name.toLowerCase().replace(/^\[|\]$|^\*?\./g, '');
  return host === own || host.endsWith(`.${own}`);
}

function isWithin(host: string, network: string): boolean {
  const [address = '', bits] = network.split('/');
  const families = { 4: 'ipv4', 6: 'ipv6' } as const;
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || isIP(host) !== family || !/^\d+$/.test(bits ?? '')) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), families[family]);
  return list.check(host, families[family]);
}
