import type { ToHost, ToPage } from './messages.ts';

/** The extension host, as the page sees it. */
export interface Host {
  post(message: ToHost): void;
  onMessage(listener: (message: ToPage) => void): void;
}

declare function acquireVsCodeApi(): { postMessage(message: ToHost): void };

/** VS Code hands its API out once for the life of a page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => window.addEventListener('message', (event: MessageEvent<ToPage>) => listener(event.data)),
  };
}
