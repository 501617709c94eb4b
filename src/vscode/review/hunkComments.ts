import * as vscode from 'vscode';
import { sideOf } from '../changedFiles.ts';
import { Owner } from '../owner.ts';
import { SurfaceError } from '../surfaceError.ts';
import type { HunkPlace } from './hunkPlaces.ts';
import { isUnderReview } from './ownPlaces.ts';
import type { Review } from './review.ts';

/** Lines of the proposal that go with a comment, at most: the agent knows its own change. */
const MOST_LINES = 12;

/** Comment threads on the hunks of a proposal. What is written there goes to the agents as feedback. */
export class HunkComments extends Owner {
  private readonly review: Review;
  private readonly controller = this.own(vscode.comments.createCommentController('mlr.hunks', 'MLR Copilot'));
  private threads: vscode.CommentThread[] = [];
  private of = '';

  constructor(review: Review) {
    super();
    this.review = review;
    this.controller.options = {
      prompt: 'Say something about this hunk',
      placeHolder: 'It goes to the agents as feedback',
    };
    this.controller.commentingRangeProvider = {
      provideCommentingRanges: (document) => this.placesIn(document).map(rangeOf),
    };
    this.own(review.onDidChange(() => this.forgetOthers()));
  }

  /** Opens an empty thread on a hunk, to be written into. */
  begin(document: vscode.TextDocument, place: HunkPlace): void {
    const thread = this.controller.createCommentThread(document.uri, rangeOf(place), []);
    thread.label = `Hunk ${place.nth}: what should be different?`;
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    this.threads.push(thread);
  }

  /** Sends what was written in a thread to the agents. */
  async send({ thread, text }: vscode.CommentReply): Promise<void> {
    const words = text.trim();
    if (words === '') throw new SurfaceError('gone', 'The comment is empty: write what the agents should know.');
    const { session } = this.review.required;
    const document = await vscode.workspace.openTextDocument(thread.uri);
    await session.say(`${aboutLines(document, thread.range)}\n\n${words}`);
    if (!this.threads.includes(thread)) this.threads.push(thread);
    thread.label = 'The agents hear this at their next step';
    thread.comments = [
      ...thread.comments,
      {
        author: { name: 'You' },
        body: new vscode.MarkdownString().appendText(words),
        mode: vscode.CommentMode.Preview,
      },
    ];
  }

  /** Whether something was said about the changes under review. */
  get hasComments(): boolean {
    return this.threads.some((thread) => thread.comments.length > 0);
  }

  private placesIn(document: vscode.TextDocument): HunkPlace[] {
    if (!isUnderReview(this.review, document.uri) || sideOf(document.uri) !== 'proposal') return [];
    return this.review.places.filter(({ path }) => path === document.uri.path.slice(1));
  }

  private forgetOthers(): void {
    const now = this.review.current?.changes.id ?? '';
    if (now === this.of) return;
    this.of = now;
    for (const thread of this.threads.splice(0)) thread.dispose();
  }
}

function rangeOf({ line, lines }: HunkPlace): vscode.Range {
  return new vscode.Range(line, 0, line + Math.max(lines, 1) - 1, 0);
}

/** Which lines a comment is about, and what they say: numbers alone would be another place after the next change. */
function aboutLines(document: vscode.TextDocument, range: vscode.Range | undefined): string {
  const path = document.uri.path.slice(1);
  if (!range) return `About ${path}:`;
  const [first, last] = [range.start.line, Math.min(range.end.line, document.lineCount - 1)];
  const lines = Array.from({ length: last - first + 1 }, (_, i) => document.lineAt(first + i).text);
  const shown = lines.slice(0, MOST_LINES).map((line) => `    ${line}`);
  const more = lines.length > MOST_LINES ? ['    …'] : [];
  const place = first === last ? `line ${first + 1}` : `lines ${first + 1} to ${last + 1}`;
  return [`About ${path}, ${place} of your change:`, '', ...shown, ...more].join('\n');
}
