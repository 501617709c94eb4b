import type { createLowlight } from 'lowlight';
import { useEffect, useState } from 'preact/hooks';

/** Words of code and what they are, nested. */
export type CodeTree = ReturnType<ReturnType<typeof createLowlight>['highlight']>;

/** What few messages need, so that the page is there before it: each is a script of its own beside the page's, fetched
 *  when a message has code or formulas. */
export interface Parts {
  /** Code as a tree of its words and what they are; null for a language that is not known. */
  code: (text: string, language: string) => CodeTree | null;
  /** A formula as MathML, drawn into an element of the page. */
  math: (formula: string, into: HTMLElement, isBlock: boolean) => void;
}

declare global {
  interface Window {
    mlrParts?: Partial<Parts>;
  }
}

const asked = new Map<keyof Parts, Promise<void>>();

/** @param isNeeded whether to fetch it
 *  @returns null until it is there, and for ever where it cannot be fetched: then words stay as they were written */
export function usePart<K extends keyof Parts>(name: K, isNeeded: boolean): Parts[K] | null {
  const [, draw] = useState(0);
  const part = window.mlrParts?.[name] as Parts[K] | undefined;
  useEffect(() => {
    if (!isNeeded || part) return;
    fetched(name).then(
      () => draw((count) => count + 1),
      () => draw((count) => count),
    );
  }, [isNeeded, part === undefined]);
  return part ?? null;
}

/** For a part's own script: puts it where the page looks. */
export function offer<K extends keyof Parts>(name: K, part: Parts[K]): void {
  window.mlrParts = { ...window.mlrParts, [name]: part };
}

function fetched(name: keyof Parts): Promise<void> {
  const known = asked.get(name);
  if (known) return known;
  const loading = new Promise<void>((resolve, reject) => {
    const root = document.querySelector<HTMLElement>('[data-parts]');
    const own = document.querySelector<HTMLScriptElement>('script[nonce]');
    if (!root?.dataset.parts) return reject(new Error('The page does not say where its parts are.'));
    const script = document.createElement('script');
    // A page of ours runs nothing without it.
    if (own?.nonce) script.nonce = own.nonce;
    script.src = root.dataset.parts.replace('NAME', name);
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error(`${script.src} cannot be fetched.`)));
    document.head.append(script);
  });
  asked.set(name, loading);
  return loading;
}
