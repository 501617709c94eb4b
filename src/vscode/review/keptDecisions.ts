import * as vscode from 'vscode';
import { Owner } from '../owner.ts';
import { type DecisionStep, Decisions } from './decisions.ts';

/** Change sets whose decisions are kept, the newest: older ones were answered long ago. */
const MOST = 20;
const KEY = 'mlr.decisions';

type Kept = Record<string, readonly DecisionStep[]>;

/** Decisions on hunks, by change set, kept with the workspace so that a reload loses none. */
export class KeptDecisions extends Owner {
  private readonly memory: vscode.Memento;
  private readonly changed = this.own(new vscode.EventEmitter<string>());

  /** Decisions on this change set are others. */
  readonly onDidChange = this.changed.event;

  constructor(memory: vscode.Memento) {
    super();
    this.memory = memory;
  }

  of(changes: string): Decisions {
    return new Decisions(this.kept[changes]);
  }

  async keep(changes: string, decisions: Decisions): Promise<void> {
    const { [changes]: _before, ...others } = this.kept;
    const rows = [...Object.entries(others), [changes, decisions.steps] as const].slice(-MOST);
    const kept = this.memory.update(KEY, Object.fromEntries(rows));
    this.changed.fire(changes);
    await kept;
  }

  private get kept(): Kept {
    return this.memory.get<Kept>(KEY, {});
  }
}
