/**
 * `gradewire`: the command line. One file per command says what it takes; what it does stands in `<command>-run.ts`, which
 * is loaded only when it is asked for, so that help and small commands answer at once.
 */
import { Command } from 'commander';
import { VERSION } from '../config/version.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { endpointsCommand } from './endpoints.ts';
import { exportCommand } from './export.ts';
import { reportFailure } from './failures.ts';
import { keysCommand } from './keys.ts';
import { listenCommand } from './listen.ts';
import { migrateCommand } from './migrate.ts';
import { replayCommand } from './replay.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { sourcesCommand } from './sources.ts';
import { tailCommand } from './tail.ts';
import { styled } from './terminal.ts';

const program = new Command('gradewire')
  .description('Takes signed webhooks of quiz, exam, lab and course platforms and keeps one durable learner record.')
  .version(VERSION, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'show this help')
  .helpCommand('help [command]', 'show the help of a command')
  .configureHelp({ styleTitle: (title) => styled('bold', title) })
  .showHelpAfterError('(add --help for what it takes)')
  .addHelpText(
    'after',
    `
Settings come from the environment: GRADEWIRE_DATA_DIR (default .gradewire),
DATABASE_URL, HOST, PORT, LOG_LEVEL and others; see docs/cli.md. Commands find a
running server's database by the data directory.

Exit codes: 0 it worked, 1 it did not, 2 it was asked for wrongly.`,
  );

program.commandsGroup('Run:');
program.addCommand(serveCommand());
program.addCommand(demoCommand());
program.commandsGroup('Set up:');
program.addCommand(sourcesCommand());
program.addCommand(endpointsCommand());
program.addCommand(keysCommand());
program.commandsGroup('Watch and try:');
program.addCommand(tailCommand());
program.addCommand(simulateCommand());
program.addCommand(listenCommand());
program.commandsGroup('Look after the data:');
program.addCommand(replayCommand());
program.addCommand(exportCommand());
program.addCommand(migrateCommand());
program.addCommand(doctorCommand());

prepare(program);

// A reader that goes away (`gradewire tail | head`) is the end of the work, not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, /^(debug|trace)$/.test(process.env.LOG_LEVEL ?? ''));
  // What failed may have left something open that would keep the process for ever.
  setTimeout(() => process.exit(), 1000).unref();
}

/** Every command throws instead of exiting, so that open databases are closed first, and shows help alike. */
function prepare(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command);
    prepare(sub);
  }
}
