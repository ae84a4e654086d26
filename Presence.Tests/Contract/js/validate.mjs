// Says what is wrong with the document in the file named, one line each: validate.mjs openapi|asyncapi FILE.
import { readFile } from 'node:fs/promises';
import SwaggerParser from '@apidevtools/swagger-parser';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';

const [kind, file] = process.argv.slice(2);
const text = await readFile(file, 'utf8');
const findings = kind === 'openapi' ? await ofRoutes(JSON.parse(text)) : await ofMessages(text);
console.log(findings.join('\n'));

async function ofRoutes(document) {
  try {
    await SwaggerParser.validate(document);
    return [];
  } catch (error) {
    return [`${error.message}`];
  }
}

async function ofMessages(document) {
  const { diagnostics } = await new Parser().parse(document);
  return diagnostics
    .filter(({ severity }) => severity <= DiagnosticSeverity.Warning)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
}
