// PromQL as Prometheus' own grammar reads it.
import { parser } from '@prometheus-io/lezer-promql';

export function inspectPromQl(text) {
  const tree = parser.parse(text);
  const textOf = (node) => text.slice(node.from, node.to);
  const answer = { problems: [], selectors: [], groupings: [], quantiles: [] };
  tree.iterate({
    enter({ node }) {
      switch (node.name) {
        case 'VectorSelector':
          answer.selectors.push(selector(node, textOf));
          break;
        case 'AggregateExpr':
        case 'MatchingModifierClause':
          answer.groupings.push(grouping(node, textOf));
          break;
        case 'FunctionCall':
          if (functionOf(node, textOf) === 'histogram_quantile') {
            answer.quantiles.push({ metrics: metricsIn(node, textOf), labels: all(node, 'AggregateExpr').map((part) => grouping(part, textOf).labels) });
          }
          break;
        default:
          if (node.type.isError) {
            answer.problems.push(`does not parse at ${node.from}: ${text.slice(Math.max(0, node.from - 20), node.to + 20)}`);
          }
      }
    },
  });
  return answer;
}

function selector(node, textOf) {
  const isRange = node.parent.name === 'MatrixSelector';
  const call = (isRange ? node.parent : node).parent?.parent;
  const matchers = all(node, 'UnquotedLabelMatcher').map((matcher) => ({
    label: textOf(matcher.getChild('LabelName')),
    operator: textOf(matcher.getChild('MatchOp')),
    value: textOf(matcher.getChild('StringLiteral')).slice(1, -1),
  }));
  return {
    metric: node.getChild('Identifier') ? textOf(node.getChild('Identifier')) : '',
    matchers,
    isRange,
    function: call?.name === 'FunctionCall' ? functionOf(call, textOf) : null,
    aggregate: aggregateAround(node, textOf),
  };
}

function aggregateAround(node, textOf) {
  for (let around = node.parent; around; around = around.parent) {
    if (around.name === 'AggregateExpr') {
      return { operator: textOf(around.getChild('AggregateOp')), labels: grouping(around, textOf).labels };
    }
  }

  return null;
}

function grouping(node, textOf) {
  const labels = node.name === 'AggregateExpr' ? node.getChild('AggregateModifier')?.getChild('GroupingLabels') : node.getChild('GroupingLabels');
  return {
    labels: labels ? all(labels, 'LabelName').map(textOf) : [],
    metrics: metricsIn(node.name === 'AggregateExpr' ? node : node.parent, textOf),
  };
}

const functionOf = (call, textOf) => textOf(call.getChild('FunctionIdentifier'));

const metricsIn = (node, textOf) => all(node, 'VectorSelector').map((part) => part.getChild('Identifier')).filter(Boolean).map(textOf);

function all(root, name) {
  const found = [];
  root.cursor().iterate(({ node }) => {
    if (node.name === name && node.from >= root.from && node.to <= root.to) {
      found.push(node);
    }
  });
  return found;
}
