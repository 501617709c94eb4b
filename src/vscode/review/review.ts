import * as vscode from 'vscode';
import type { ChangeSet, FileChange } from '../../domain/change.ts';
import type { Gate, GateAnswer } from '../../domain/gate.ts';
import type { ChangedFiles } from '../changedFiles.ts';
import type { FollowedSession } from '../followedSession.ts';
import { Owner } from '../owner.ts';
import { SurfaceError } from '../surfaceError.ts';
import { type Decision, type Decisions, type Tally, tallyOf } from './decisions.ts';
import { type HunkPlace, placesOf } from './hunkPlaces.ts';
import type { KeptDecisions } from './keptDecisions.ts';

/** The change set of an `adopt` gate, as the engine names it. */
const ADOPTION = 'adopt';

/** What a session shows at a gate, waiting to be taken whole, in part or not at all. */
export interface UnderReview {
  readonly session: FollowedSession;
  readonly gate: Gate;
  readonly changes: ChangeSet;
}

interface Parts {
  readonly files: ChangedFiles;
  readonly kept: KeptDecisions;
  readonly onDidShow: vscode.Event<FollowedSession | null>;
  onFailure(error: unknown): void;
}

/** The changes that wait for a person, and what the person has decided on them so far. One at a time: those of the
 *  session in the chat. Nothing is opened by itself, so nobody who types elsewhere is disturbed. */
export class Review extends Owner {
  private readonly parts: Parts;
  private readonly changed = this.own(new vscode.EventEmitter<void>());
  private listening: Owner | undefined;
  private under: UnderReview | null = null;

  /** Resolves when it is known whether something is under review. */
  settled: Promise<void> = Promise.resolve();

  /** Other changes are under review, none are any more, or something was decided. */
  readonly onDidChange = this.changed.event;

  constructor(parts: Parts) {
    super();
    this.parts = parts;
    this.own(parts.onDidShow((session) => this.turnTo(session)));
    this.own(parts.kept.onDidChange((changes) => changes === this.under?.changes.id && this.changed.fire()));
  }

  get current(): UnderReview | null {
    return this.under;
  }

  /** @throws SurfaceError `no-session` */
  get required(): UnderReview {
    if (this.under) return this.under;
    throw new SurfaceError('no-session', 'No changes wait for your review.');
  }

  /** What the engine calls the change set: an adoption has no id of its own before it is decided. */
  get changesId(): string {
    const { gate, changes } = this.required;
    return gate.kind === 'adopt' ? ADOPTION : changes.id;
  }

  get decisions(): Decisions {
    return this.parts.kept.of(this.required.changes.id);
  }

  get places(): HunkPlace[] {
    return this.under ? placesOf(this.under.changes, this.decisions) : [];
  }

  /** How far the whole review is. */
  tally(): Tally {
    return this.tallyOf(this.required.changes.files);
  }

  tallyOf(files: readonly FileChange[]): Tally {
    return tallyOf(files, this.decisions);
  }

  async decide(hunks: readonly string[], decision: Decision): Promise<void> {
    await this.keep(this.decisions.with({ hunks, decision }));
  }

  /** Takes the last decision back.
   *  @throws SurfaceError `gone` where nothing was decided */
  async undo(): Promise<void> {
    if (this.decisions.steps.length === 0)
      throw new SurfaceError('gone', 'Nothing is decided yet, so there is nothing to undo.');
    await this.keep(this.decisions.withoutLast());
  }

  /** Answers the gate: with all hunks that are not rejected, or only those that were accepted.
   *  @throws SurfaceError `gone` where no hunk is left */
  async finish(which: 'not rejected' | 'accepted'): Promise<void> {
    const { session, gate } = this.required;
    await session.answer(gate.id, this.answerWith(which));
  }

  answerWith(which: 'not rejected' | 'accepted'): GateAnswer {
    const { gate } = this.required;
    const { all, rejected, accepted } = this.tally();
    const hunks = which === 'accepted' ? accepted : all.filter((id) => !rejected.includes(id));
    if (hunks.length === 0) {
      const wayOut = { label: 'Ask for Other Changes', command: 'mlr.askForChanges' };
      throw new SurfaceError('gone', 'Every hunk is rejected: say what should be different, or accept one.', {
        ...(gate.kind === 'reviewChanges' && { wayOut }),
      });
    }
    const choice = gate.kind === 'adopt' ? 'adopt' : 'accept';
    return hunks.length === all.length ? { choice } : { choice, hunks: [...hunks] };
  }

  private async keep(decisions: Decisions): Promise<void> {
    await this.parts.kept.keep(this.required.changes.id, decisions);
  }

  private turnTo(session: FollowedSession | null): void {
    this.listening?.dispose();
    this.listening = this.own(new Owner());
    if (session) this.listening.own(session.onDidChange(({ event }) => CHANGING.test(event.type) && this.see(session)));
    this.see(session);
  }

  private see(session: FollowedSession | null): void {
    this.settled = this.findGate(session).then(
      (found) => {
        if (this.isDisposed || (found === null && this.under === null)) return;
        if (found?.gate.id === this.under?.gate.id && found?.session === this.under?.session) return;
        this.under = found;
        this.changed.fire();
      },
      (error: unknown) => this.parts.onFailure(error),
    );
  }

  private async findGate(session: FollowedSession | null): Promise<UnderReview | null> {
    const gate = session?.openGates.find(({ kind }) => kind === 'reviewChanges' || kind === 'adopt');
    if (!session || !gate) return null;
    if (gate.kind === 'adopt') {
      return { session, gate, changes: await this.parts.files.changesOf(session, ADOPTION) };
    }
    const proposed = session.events.findLast(
      (event) => event.type === 'changes.proposed' && gate.id === `reviewChanges-${event.call}`,
    );
    return proposed?.type === 'changes.proposed' ? { session, gate, changes: proposed.changes } : null;
  }
}

const CHANGING = /^(gate\.|changes\.|session\.)/;
