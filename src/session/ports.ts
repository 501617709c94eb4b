import type { ModelChoice } from '../domain/event.ts';
import type { Lender } from '../domain/lentModel.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';

/** What a session needs from where it runs. */
export interface Ports {
  /** The workspace folder, absolute and free of symbolic links. */
  workspace: string;
  /** Starts the process that owns this session's runs. */
  supervisorArgv: string[];
  modelChoice: ModelChoice;
  /** A key by name, or null; nothing of it is ever logged. */
  secret(name: string): Promise<string | null>;
  /** The proxies that an editor's settings name; null where none says anything. They may hold a password. */
  proxies(): Promise<ProxySettings | null>;
  /** The editors that are attached and lend their models. */
  lender: Lender;
  /** Words of a message that is still being written. */
  onDelta(call: string, text: string): void;
}
