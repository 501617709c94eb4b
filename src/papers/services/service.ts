/** A header, with the scheme that goes before the key; or a parameter. */
export type KeyPlace = { readonly header: string; readonly scheme?: string } | { readonly query: string };

/** A service on the network, and how it wants to be asked. */
export interface Service {
  readonly name: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** What sets another base URL, such as a mirror's. */
  readonly setting: string;
  /** Milliseconds between two requests of this machine. */
  readonly every: number;
  /** The environment variable that may hold a key; absent where the service knows none. */
  readonly keyName?: string;
  /** A key with where it goes; absent where there is none. It stands in no log, message, or file. */
  readonly key?: { readonly value: string; readonly in: KeyPlace } | undefined;
}
