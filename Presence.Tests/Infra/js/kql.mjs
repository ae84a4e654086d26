// KQL as Azure's own language service reads it, names and types included.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// They put their namespaces where all scripts see them.
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { GlobalState, KustoCode, Symbols, Syntax } = globalThis.Kusto.Language;

export function inspectKql(tables = {}) {
  const symbols = Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(`(${columns})`).WithName(name));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', symbols));
  return (text) => {
    const code = KustoCode.ParseAndAnalyze(text, globals);
    const nodes = [...descendants(code.Syntax)];
    const isOf = metricColumns(symbols);
    const aliases = new Map(nodes.filter((node) => kind(node) === 'SimpleNamedExpression').flatMap((node) => alias(node, isOf)));
    return {
      problems: items(code.GetDiagnostics()).map((found) => `${found.Code} at ${found.Start}: ${found.Message}`),
      columns: items(code.ResultType?.Columns).map((column) => column.Name),
      tables: [...new Set(nodes.map((node) => node.ReferencedSymbol).filter((symbol) => symbols.includes(symbol)).map((symbol) => symbol.Name))],
      attributes: nodes.filter((node) => isAttribute(node, isOf)).map((node) => ({ name: attribute(node), metrics: metricsAround(node, isOf) })),
      comparisons: nodes.flatMap((node) => comparison(node, aliases, isOf)),
      texts: nodes.filter((node) => kind(node) === 'StringLiteralExpression').map((node) => node.LiteralValue),
    };
  };
}

/** Tells whether a node is a column of the metrics, and not of the same name in another table. */
function metricColumns(symbols) {
  const others = new Set(symbols.filter((table) => table.Name !== 'AppMetrics').flatMap((table) => items(table.Columns)));
  return (node, name) => kind(node) === 'NameReference' && node.SimpleName === name && !others.has(node.ReferencedSymbol);
}

/** `column == 'value'`, `column in ('one', 'other')` and the like. */
function comparison(node, aliases, isOf) {
  if (!node.Left || !node.Right) {
    return [];
  }

  const values = literals(node.Right);
  if (values.length === 0) {
    return [];
  }

  const left = bare(node.Left);
  const name = kind(left) === 'NameReference' ? left.SimpleName : '';
  return [{
    operator: kind(node),
    column: name,
    isMetricName: isOf(left, 'Name'),
    attribute: isAttribute(left, isOf) ? attribute(left) : aliases.get(name) ?? null,
    values,
    metrics: metricsAround(node, isOf),
  }];
}

/** The metrics that a condition or a step of a pipeline is about: those that the nearest words around it compare `Name` with. */
function metricsAround(node, isOf) {
  for (let around = node; around; around = around.Parent) {
    if (['AndExpression', 'PipeExpression', 'QueryBlock'].includes(kind(around))) {
      const metrics = [...descendants(around)]
        .filter((part) => part.Left && part.Right && isOf(bare(part.Left), 'Name'))
        .flatMap((part) => literals(part.Right));
      if (metrics.length > 0) {
        return [...new Set(metrics)];
      }
    }
  }

  return [];
}

function alias(named, isOf) {
  const value = bare(named.Expression);
  return isAttribute(value, isOf) ? [[named.Name.SimpleName, attribute(value)]] : [];
}

/** `Properties.name` or `Properties['name']`. */
function isAttribute(node, isOf) {
  return ['PathExpression', 'ElementExpression'].includes(kind(node)) && isOf(node.Expression, 'Properties');
}

function attribute(node) {
  return kind(node) === 'PathExpression' ? node.Selector.SimpleName : literals(node.Selector)[0] ?? '';
}

/** Without the parentheses and conversions around it. */
function bare(node) {
  if (kind(node) === 'ParenthesizedExpression') {
    return bare(node.Expression);
  }

  return kind(node) === 'FunctionCallExpression' && ['tostring', 'tolower'].includes(node.Name.SimpleName)
    ? bare(node.ArgumentList.Expressions.getItem(0).Element$1 ?? node.ArgumentList.Expressions.getItem(0).Element)
    : node;
}

function literals(node) {
  const kinds = kind(node);
  if (kinds === 'StringLiteralExpression') {
    return [node.LiteralValue];
  }

  return ['ExpressionList', 'BracketedExpression', 'ParenthesizedExpression'].includes(kinds)
    ? [...descendants(node)].filter((part) => kind(part) === 'StringLiteralExpression').map((part) => part.LiteralValue)
    : [];
}

function kind(node) {
  return node?.Kind === undefined ? '' : globalThis.System.Enum.toString(Syntax.SyntaxKind, node.Kind);
}

function* descendants(node) {
  yield node;
  for (let index = 0; index < (node.ChildCount ?? 0); index++) {
    const child = node.GetChild(index);
    if (child) {
      yield* descendants(child);
    }
  }
}

function items(list) {
  return list ? Array.from({ length: list.Count }, (_, index) => list.getItem(index)) : [];
}
