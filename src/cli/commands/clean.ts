import pc from 'picocolors';
import { type Cleaning, clean as cleanWorkspace } from '../../engine/cleaning.ts';
import { bytesInWords } from '../dataText.ts';
import { printJson } from '../print.ts';
import type { CommonOptions } from './options.ts';

/** Shows what finished sessions hold beyond their evidence; with `--yes` removes it. */
export async function clean(options: CommonOptions & { yes?: boolean }): Promise<void> {
  const cleaning = await cleanWorkspace(options.workspace, { remove: options.yes ?? false });
  if (options.json) return printJson(cleaning);
  process.stdout.write(cleaningText(cleaning));
}

function cleaningText({ sessions, environments, unfinished, bytes, removed }: Cleaning): string {
  const lines = sessions.flatMap(({ session, title, arms, outputs }) => [
    `${pc.bold(session)}  ${title}`,
    ...(arms > 0 ? [`  ${bytesInWords(arms).padStart(9)}  copies of its arms, which git holds too`] : []),
    ...(outputs > 0 ? [`  ${bytesInWords(outputs).padStart(9)}  large files that its runs wrote`] : []),
  ]);
  if (environments > 0) {
    lines.push(
      `${bytesInWords(environments).padStart(11)}  environments, which are made again when a run asks for them`,
    );
  }
  const others =
    unfinished > 0 ? ` ${unfinished} unfinished session${unfinished > 1 ? 's keep' : ' keeps'} all it needs.` : '';
  if (bytes === 0) return `There is nothing to remove.${others}\n`;
  const stays = 'Logs, records, reports, small outputs and what `keep` names in mlr.yaml stay.';
  const end = removed
    ? `${bytesInWords(bytes)} removed. ${stays}${others}`
    : `${bytesInWords(bytes)} can go: mlr clean --yes removes it. ${stays}${others}`;
  return `${[...lines, '', end].join('\n')}\n`;
}
