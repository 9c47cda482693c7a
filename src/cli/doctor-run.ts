/** What `gradewire doctor` does. */
import { runDoctor } from '../db/doctor.ts';
import { columns, pad, printable, say, sayJson, styled, widthOf, wrapped } from './terminal.ts';
import { withUnmigratedDatabase } from './with-database.ts';

/** Prints the findings; exit code 1 when one is not good. */
export async function doctor(options: { json?: true }): Promise<void> {
  const findings = await withUnmigratedDatabase(({ db, settings }) => runDoctor(db, settings));
  const bad = findings.filter((finding) => !finding.ok).length;
  if (bad > 0) process.exitCode = 1;
  if (options.json) return sayJson({ ok: bad === 0, findings });
  const nameWidth = Math.max(...findings.map((finding) => columns(finding.name)));
  for (const { name, ok, detail } of findings) {
    const mark = ok ? styled('green', '✓') : styled('red', '✗');
    const indent = nameWidth + 4;
    const text = wrapped(printable(detail), widthOf() - indent).join(`\n${' '.repeat(indent)}`);
    say(`${mark} ${pad(name, nameWidth)}  ${ok ? text : styled('bold', text)}`);
  }
  say();
  say(
    bad === 0
      ? 'Everything is as it should be.'
      : `${bad === 1 ? 'One thing is' : `${bad} things are`} not as it should be.`,
  );
}
