import { join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Type-checks everything tsconfig.json includes.
 * @param {string} root the project's folder
 * @returns {import('./step.mjs').Outcome}
 */
export function checkTypes(root) {
  const path = join(root, 'tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  if (!config) throw new Error(`${path} could not be read`);
  const program = ts.createProgram(config.fileNames, config.options);
  const own = program.getSourceFiles().filter((file) => !file.fileName.includes('/node_modules/'));
  // "No inputs were found" is what an empty project reports; the zero it looked at says the same.
  const diagnostics = [...config.errors, ...ts.getPreEmitDiagnostics(program)];
  return {
    looked: { files: own.length },
    problems: diagnostics.map((diagnostic) => ({
      rule: `TS${diagnostic.code}`,
      place: place(root, diagnostic),
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
    })),
  };
}

/** @param {string} root @param {ts.Diagnostic} diagnostic */
function place(root, { file, start }) {
  if (!file) return 'tsconfig.json';
  const { line, character } = file.getLineAndCharacterOfPosition(start ?? 0);
  return `${relative(root, file.fileName)}:${line + 1}:${character + 1}`;
}

/** @param {ts.Diagnostic} diagnostic */
function fail(diagnostic) {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
}
