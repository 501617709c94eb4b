import type * as vscode from 'vscode';
import type { Surface } from './surface.ts';
import { statusWords } from './treeNodes.ts';

/** What `@mlr` answers: each phase by its command, words to the session that is at work, or how everything is. */
export async function reply(
  surface: Surface,
  { command, prompt }: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
): Promise<void> {
  const begun = command === undefined ? undefined : BUTTONS[command];
  if (begun) {
    const [words, title, id] = begun;
    stream.markdown(words);
    stream.button({ command: id, title });
    return;
  }
  if (prompt.trim() !== '' && command === undefined) return tell(surface, prompt.trim(), stream);
  return status(surface, stream);
}

const BUTTONS: Readonly<Record<string, readonly [words: string, title: string, command: string]>> = {
  idea: [
    'Agents read a paper and this workspace and propose ideas; you choose one.',
    'Choose a Paper…',
    'mlr.generateIdea',
  ],
  measure: [
    'Two revisions are run in pairs over fresh seeds, and a verdict says what the difference is worth. No model is asked.',
    'Choose Revisions…',
    'mlr.measure',
  ],
  noise: [
    'One revision is run alone: what two runs of the same code differ by.',
    'Choose a Revision…',
    'mlr.measureNoise',
  ],
  review: ['What agents propose waits in the editor, hunk by hunk.', 'Review Changes', 'mlr.nextHunk'],
  results: ['All arms and runs, in tables that sort.', 'Show Results', 'mlr.showResults'],
  report: ['The report holds no number that no run produced.', 'Open Report', 'mlr.openReport'],
};

/** Passes words on as feedback; nobody hears them where nothing is at work. */
async function tell(surface: Surface, words: string, stream: vscode.ChatResponseStream): Promise<void> {
  await surface.showNewest();
  const { shown } = surface;
  if (!shown || shown.head.status === 'finished') {
    stream.markdown('No session is at work, so nobody would hear this. ');
    return status(surface, stream);
  }
  await shown.say(words);
  stream.markdown(`The agents of “${plain(shown.head.title)}” hear this at their next step.`);
  stream.button({ command: 'mlr.showSession', title: 'Show Session', arguments: [{ session: shown.id }] });
}

async function status(surface: Surface, stream: vscode.ChatResponseStream): Promise<void> {
  const sessions = await surface.index.all();
  if (sessions.length === 0) {
    stream.markdown('There is no session in this workspace yet.');
    stream.button({ command: 'mlr.generateIdea', title: 'Generate Research Idea' });
    stream.button({ command: 'mlr.measure', title: 'Measure Revisions…' });
    return;
  }
  stream.markdown(sessions.map((one) => `- **${plain(one.head.title)}**: ${plain(statusWords(one))}`).join('\n'));
  const [newest] = sessions;
  if (!newest) return;
  stream.button({ command: 'mlr.showSession', title: 'Show the Newest', arguments: [{ session: newest.id }] });
}

/** Titles come from papers and models: they stay words. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|~]/g, '\\$&');
}
