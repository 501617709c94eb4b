/** What leads out of a network that lets nothing out directly. */
export interface ProxySettings {
  /** Proxies by the protocol of what is asked; null where it is asked directly. */
  readonly http: string | null;
  readonly https: string | null;
  /** Hosts that are asked directly, as NO_PROXY lists them. */
  readonly except: string;
  /** What they are called where they are set, for messages. */
  readonly names: { readonly proxy: string; readonly except: string };
}
