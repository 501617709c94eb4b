import type { Survey, SurveyedScript, SurveyedTable } from '../../workspace/survey.ts';

/** The data of an experiment, as far as names and columns tell. */
export interface TestData {
  readonly train: SurveyedTable | null;
  /** The table that is predicted. */
  readonly test: SurveyedTable | null;
  /** The truth in a file of its own. */
  readonly labels: SurveyedTable | null;
  /** The column of the truth; null where no table tells. */
  readonly column: string | null;
  /** Whether the truth stands in the test table itself, where every run would see it. */
  readonly inTest: boolean;
  /** Data without a role, which runs read all the same. */
  readonly others: readonly SurveyedTable[];
}

const TRUTH =
  /^(?:label|labels|target|y|class|truth|gold|answer|score|rating|outcome|sentiment|category|digit|price|value)$/i;

export function testData({ tables }: Survey, script: SurveyedScript | null): TestData {
  const of = (role: SurveyedTable['role']): SurveyedTable | null => tables.find((table) => table.role === role) ?? null;
  const [train, test, labels] = [of('train'), of('test'), of('labels')];
  const column = columnOf(labels ?? test, script);
  const used = (table: SurveyedTable): boolean => {
    const name = table.path.slice(table.path.lastIndexOf('/') + 1);
    return script?.files.some((file) => file.name.endsWith(name)) ?? false;
  };
  return {
    ...{ train, test, labels, column },
    inTest: labels === null && test !== null && column !== null,
    others: tables.filter((table) => table.role === 'other' && used(table)),
  };
}

/** A column that is called like a truth, else the last one of a file of labels, or one that the script reads alone. */
function columnOf(table: SurveyedTable | null, script: SurveyedScript | null): string | null {
  if (table === null) return null;
  const named = table.columns.find((name) => TRUTH.test(name));
  if (named !== undefined) return named;
  const last = table.columns.at(-1);
  if (last === undefined) return null;
  const isRead = script !== null && new RegExp(`\\[["']${last.replace(/\W/g, '\\$&')}["']\\]`).test(script.text);
  return table.role === 'labels' || isRead ? last : null;
}
