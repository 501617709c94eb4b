import ts from 'typescript';

/**
 * Finds calls whose promise nobody awaits, returns, keeps or marks with `void`: its failure would be seen by nobody.
 * A `.catch(…)` or a `.then(…, onRejected)` at the end is care enough. The linter's own rule does not follow imports.
 * @param {ts.TypeChecker} checker
 * @param {ts.SourceFile} source
 * @returns {ts.Node[]} the calls
 */
export function floatingPromises(checker, source) {
  /** @type {ts.Node[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isExpressionStatement(node) && floats(checker, node.expression)) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {ts.TypeChecker} checker @param {ts.Expression} written */
function floats(checker, written) {
  const expression = ts.skipParentheses(written);
  if (ts.isBinaryExpression(expression)) {
    const operator = expression.operatorToken.kind;
    const chooses = [
      ts.SyntaxKind.AmpersandAmpersandToken,
      ts.SyntaxKind.BarBarToken,
      ts.SyntaxKind.QuestionQuestionToken,
      ts.SyntaxKind.CommaToken,
    ];
    return chooses.includes(operator) && floats(checker, expression.right);
  }
  if (ts.isConditionalExpression(expression)) {
    return floats(checker, expression.whenTrue) || floats(checker, expression.whenFalse);
  }
  if (!ts.isCallExpression(expression) && !ts.isNewExpression(expression)) return false;
  return isPromise(checker, expression) && !isCaredFor(expression);
}

/** @param {ts.TypeChecker} checker @param {ts.Expression} expression */
function isPromise(checker, expression) {
  const type = checker.getTypeAtLocation(expression);
  const kinds = type.isUnion() ? type.types : [type];
  return kinds.some((kind) => kind.getSymbol()?.name === 'Promise');
}

/** @param {ts.CallExpression | ts.NewExpression} call */
function isCaredFor(call) {
  if (!ts.isPropertyAccessExpression(call.expression)) return false;
  const method = call.expression.name.text;
  return method === 'catch' || (method === 'then' && (call.arguments?.length ?? 0) > 1);
}
