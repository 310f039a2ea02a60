import { Logger } from '@nestjs/common';
import { writeJsonLines } from './json-lines.js';

let written: string[];
let stream: { write: NodeJS.WriteStream['write'] };
let restore: () => void;

beforeEach(() => {
  written = [];
  stream = { write: (chunk: unknown) => Boolean(written.push(String(chunk))) };
  restore = writeJsonLines('platform', stream);
});
afterEach(() => restore());

const lines = () => written.map((line) => JSON.parse(line));
const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/);

it('each message is one object on one line', () => {
  stream.write('mediation: records nothing: its signing.key is gone\n');
  stream.write(Buffer.from('ready at http://127.0.0.1:4000/graphql\n'));
  expect(lines()).toEqual([
    {
      level: 'info',
      time: at,
      process: 'platform',
      service: 'mediation',
      msg: 'records nothing: its signing.key is gone',
    },
    {
      level: 'info',
      time: at,
      process: 'platform',
      msg: 'ready at http://127.0.0.1:4000/graphql',
    },
  ]);
  for (const line of written) expect(line).toMatch(/^[^\n]+\n$/);
});

it('what comes in parts is one message, and so is a stack', () => {
  stream.write('grid-registry: ');
  stream.write('loads its areas\n');
  stream.write('Error: broken\n    at one\n    at two\n');
  stream.write('\n');
  expect(lines().map(({ msg }) => msg)).toEqual([
    'loads its areas',
    'Error: broken\n    at one\n    at two',
  ]);
});

it('what is said through Nest has its level and says who speaks', () => {
  const logger = new Logger('PlainRoutes');
  logger.error(new Error('broken'));
  logger.error('told', 'at one\nat two');
  logger.warn('careful');
  logger.log('wired');
  const said = { process: 'platform', time: at, context: 'PlainRoutes' };
  expect(lines()).toEqual([
    { ...said, level: 'error', msg: 'broken', stack: expect.stringContaining('json-lines.spec') },
    { ...said, level: 'error', msg: 'told', stack: 'at one\nat two' },
    { ...said, level: 'warn', msg: 'careful' },
  ]);
});

it('afterwards lines are as they were', () => {
  restore();
  stream.write('mediation: ready\n');
  expect(written).toEqual(['mediation: ready\n']);
});
