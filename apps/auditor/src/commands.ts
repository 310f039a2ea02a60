import type { AuditorCommand } from './command.js';

/**
 * Every command, in the order of the usage. Each loads its program when it runs: what one needs, a
 * service's views for instance, must not cost the others time and memory.
 */
export const commands: readonly AuditorCommand[] = [
  {
    name: 'verify',
    usage: '[SOURCE] [--service NAME] [--vkey VKEY] [--against NOTE] [--workers N] [--json]',
    summary: 'recompute everything from the stored bytes and hold it against what was signed',
    run: async (args, io) => (await import('./verify/verify-command.js')).runVerify(args, io),
  },
  {
    name: 'prove',
    usage: '[SOURCE] SERVICE@POSITION [--out FILE] [--token TOKEN] [--json]',
    summary: 'write the proof that a log holds an event, and the bytes of the event beside it',
    run: async (args, io) => (await import('./evidence/prove-command.js')).runProve(args, io),
  },
  {
    name: 'check',
    usage: 'FILE --vkey VKEY [--entry FILE] [--json]',
    summary: 'check such a proof against a public key, without any log',
    run: async (args, io) => (await import('./evidence/check-command.js')).runCheck(args, io),
  },
  {
    name: 'show',
    usage: '[SOURCE] RECORD [--service NAME] [--token TOKEN] [--json]',
    summary: 'show what happened to a record, who recorded it and when',
    run: async (args, io) => (await import('./records/show-command.js')).runShow(args, io),
  },
  {
    name: 'as-of',
    usage: '[SOURCE] RECORD --at TIME|--position N [--service NAME] [--token TOKEN] [--json]',
    summary: 'show a record as the views had it at a time or a position',
    run: async (args, io) => (await import('./records/as-of-command.js')).runAsOf(args, io),
  },
  {
    name: 'replay',
    usage: '[SOURCE] --service NAME --to FOLDER [--token TOKEN] [--json]',
    summary: 'rebuild every view of a service from its log in a new folder',
    run: async (args, io) => (await import('./views/replay-command.js')).runReplay(args, io),
  },
  {
    name: 'diff',
    usage: '[SOURCE] [--service NAME] [--limit N] [--json]',
    summary: 'hold the live views against rebuilt ones, row by row and field by field',
    run: async (args, io) => (await import('./views/diff-command.js')).runDiff(args, io),
  },
  {
    name: 'tail',
    usage: '[SOURCE] [--service NAME] [--from N] [--limit N] [--follow] [--token TOKEN] [--json]',
    summary: 'print events as lines, with --follow those to come as they come',
    run: async (args, io) => (await import('./tail-command.js')).runTail(args, io),
  },
  {
    name: 'export',
    usage: '[SOURCE] --to FOLDER [--service NAME] [--token TOKEN] [--json]',
    summary: 'write the logs as files that any static server can publish as /log/',
    run: async (args, io) => (await import('./export/export-command.js')).runExport(args, io),
  },
  {
    name: 'stat',
    usage: '[SOURCE] [--service NAME] [--token TOKEN] [--json]',
    summary: 'tell how much each log holds, of what, and how far it is signed',
    run: async (args, io) => (await import('./statistics/stat-command.js')).runStat(args, io),
  },
];
