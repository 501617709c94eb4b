import type { ProxySettings } from '../domain/proxySettings.ts';
import { localFetch } from '../models/localFetch.ts';
import { ModelError } from '../models/modelError.ts';
import { isLocal } from '../models/profile.ts';
import { fetchThrough, proxiesIn, proxyFor } from '../models/proxy.ts';
import type { Reach } from '../papers/services/serviceDoor.ts';

/** How services are reached: through the proxy that is set; with local only, those on this machine alone.
 *  @param proxies null for those of this process's environment */
export function reachOf(localOnly: boolean, proxies: ProxySettings | null): Reach {
  return async (baseUrl) => {
    if (localOnly) {
      if (isLocal(new URL(baseUrl).hostname)) return { fetch: localFetch };
      return { refused: 'local only is on (mlr.localOnly, --local-only or MLR_LOCAL_ONLY).' };
    }
    try {
      const proxy = proxyFor(baseUrl, proxies ?? proxiesIn(process.env));
      return { fetch: proxy === null ? fetch : await fetchThrough(proxy) };
    } catch (error) {
      // A proxy that is none keeps nobody from what this machine has.
      if (ModelError.is(error)) return { refused: error.message };
      throw error;
    }
  };
}
