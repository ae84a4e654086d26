// Reads {"language","tables","queries":{name:text}} from standard input and writes what the language's own parser says of each query.
import { json } from 'node:stream/consumers';
import { inspectKql } from './kql.mjs';
import { inspectPromQl } from './promql.mjs';

const { language, tables, queries } = await json(process.stdin);
const inspect = { kql: inspectKql(tables), promql: inspectPromQl }[language];
const answers = Object.fromEntries(Object.entries(queries).map(([name, text]) => [name, inspect(text)]));
process.stdout.write(JSON.stringify(answers));
