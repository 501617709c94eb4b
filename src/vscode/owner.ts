import type { Disposable } from 'vscode';

/** Owns what it was given and disposes of it, also of what is given too late. */
export class Owner implements Disposable {
  private readonly owned: { dispose(): unknown }[] = [];
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** @returns the thing itself */
  own<T extends { dispose(): unknown }>(thing: T): T {
    if (this.disposed) thing.dispose();
    else this.owned.push(thing);
    return thing;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    // The newest first: it may lean on what came before it.
    for (const thing of this.owned.splice(0).reverse()) thing.dispose();
  }
}
