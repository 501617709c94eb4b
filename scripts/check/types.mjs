import { join, relative } from 'node:path';
import ts from 'typescript';
import { floatingPromises } from './floatingPromises.mjs';

/**
 * Type-checks everything tsconfig.json includes, and looks with the types for promises that nobody awaits.
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
  const checker = program.getTypeChecker();
  const problems = diagnostics.map((diagnostic) => ({
    rule: `TS${diagnostic.code}`,
    place: diagnostic.file ? place(root, diagnostic.file, diagnostic.start ?? 0) : 'tsconfig.json',
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
  }));
  const floating = own.flatMap((file) =>
    floatingPromises(checker, file).map((call) => ({
      rule: 'no-floating-promises',
      place: place(root, file, call.getStart(file)),
      message: 'nobody would see this promise fail; await it, return it, give it a `.catch`, or say `void`',
    })),
  );
  return { looked: { files: own.length }, problems: [...problems, ...floating] };
}

/** @param {string} root @param {ts.SourceFile} file @param {number} position */
function place(root, file, position) {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return `${relative(root, file.fileName)}:${line + 1}:${character + 1}`;
}

/** @param {ts.Diagnostic} diagnostic */
function fail(diagnostic) {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
}
