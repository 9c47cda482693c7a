/** The thread in which templates run (templates.ts): nothing of the server is here, and it may be ended at any moment. */
import { parentPort } from 'node:worker_threads';
import type jsonata from 'jsonata';
import { parseTemplate, ranOutOfTime, templateSentence } from './template-problem.ts';
import type { TemplateAnswer, TemplateTask } from './templates.ts';

const port = parentPort;
if (port === null)
  throw new Error('src/delivery/kinds/webhook/template-thread.ts is started by the server, not by hand.');

/** Compiled ones; a thread serves few endpoints, and a deep expression is slow to parse. */
const compiled = new Map<string, jsonata.Expression>();
const MOST_COMPILED = 100;
/** Of a body, in characters: what a receiver can be expected to take. */
const LONGEST_BODY = 1_000_000;

port.on('message', (task: TemplateTask) => {
  run(task).then((answer) => port.postMessage(answer));
});

async function run({ template, input, text }: TemplateTask): Promise<TemplateAnswer> {
  try {
    return bodyOf(await expressionOf(template).evaluate(JSON.parse(input)), text);
  } catch (error) {
    return { ok: false, error: templateSentence(error, template), tooLong: ranOutOfTime(error) };
  }
}

function bodyOf(output: unknown, text: boolean): TemplateAnswer {
  const wrong = (error: string): TemplateAnswer => ({ ok: false, error, tooLong: false });
  if (output === undefined) return wrong('The template gave nothing for this event.');
  if (text && typeof output !== 'string') {
    return wrong('The template must give text, because its content type is not JSON. Use $string().');
  }
  const body: unknown = text ? output : JSON.stringify(output);
  if (typeof body !== 'string') return wrong('The template gave a function instead of a value.');
  if (body.length > LONGEST_BODY) {
    return wrong(`The template gave more than ${LONGEST_BODY} characters. Send less.`);
  }
  return { ok: true, body };
}

function expressionOf(template: string): jsonata.Expression {
  let expression = compiled.get(template);
  if (expression === undefined) {
    expression = parseTemplate(template);
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(template, expression);
  }
  return expression;
}
