import ts from 'typescript';

const swallowed = 'a catch mends, adds context, or ends the program with one sentence';
const causeless = 'pass the caught error on as `cause`, so that the log can show where it began';

/**
 * Finds caught errors that are dropped: an empty `catch` (a comment does not fill it), `.catch(() => {})`, and a new
 * error thrown from a `catch` without the caught one.
 * @param {string} file
 * @param {string} text
 * @returns {import('./step.mjs').Problem[]}
 */
export function droppedErrors(file, text) {
  if (!text.includes('catch')) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {import('./step.mjs').Problem[]} */
  const problems = [];
  /** @param {ts.Node} node @param {string} rule @param {string} message */
  const report = (node, rule, message) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    problems.push({ rule, place: `${file}:${line + 1}`, message });
  };
  /** @param {ts.Node} node @param {string} caught the error's name in the nearest `catch`, or nothing */
  const visit = (node, caught) => {
    if (isEmptyCatch(node)) report(node, 'no-swallowed-errors', swallowed);
    if (caught && ts.isThrowStatement(node) && losesCause(node.expression, caught)) {
      report(node, 'error-keeps-its-cause', causeless);
    }
    const name = ts.isCatchClause(node) ? (node.variableDeclaration?.name.getText(source) ?? '') : caught;
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, '');
  return problems;
}

/** @param {ts.Node} node */
function isEmptyCatch(node) {
  if (ts.isCatchClause(node)) return node.block.statements.length === 0;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [handler] = node.arguments;
  if (node.expression.name.text !== 'catch' || !handler || !ts.isArrowFunction(handler)) return false;
  return ts.isBlock(handler.body) && handler.body.statements.length === 0;
}

/** @param {ts.Expression} thrown @param {string} caught */
function losesCause(thrown, caught) {
  if (!ts.isNewExpression(thrown)) return false;
  return !(thrown.arguments ?? []).some((argument) => holds(argument, caught));
}

/** Whether an argument is the caught error itself, or an object with it as a property. @param {ts.Expression} argument @param {string} caught */
function holds(argument, caught) {
  if (ts.isIdentifier(argument)) return argument.text === caught;
  if (!ts.isObjectLiteralExpression(argument)) return false;
  return argument.properties.some(
    (property) =>
      (ts.isShorthandPropertyAssignment(property) && property.name.text === caught) ||
      (ts.isPropertyAssignment(property) &&
        ts.isIdentifier(property.initializer) &&
        property.initializer.text === caught),
  );
}
