import { reportLines } from '../src/verify/report-lines.js';
import { verifyCopy } from './tampering.js';
import { EVENTS, MARK, type SealedLog, sealedLog } from './sealed-log.js';

let log: SealedLog;

beforeAll(async () => {
  log = await sealedLog();
});
afterAll(() => log.remove());

it('a log as it was recorded is clean, and the report says how much was checked', async () => {
  const report = await verifyCopy(log.dir);
  expect(report.found.kept.map(({ severity }) => severity)).toEqual(['notice']);
  expect(report).toMatchObject({ exit: 0, size: EVENTS, unsealed: { count: 0 } });
  expect(report.checked).toMatchObject({
    entries: EVENTS,
    tiles: 2,
    checkpoints: 5,
    streams: 7,
    indexed: MARK,
  });
  // What is not indexed yet is no loss, and a report that says only 0 would look like one.
  const index = reportLines(report).find((line) => line.includes(' index '));
  const newer = (EVENTS - MARK).toLocaleString('en');
  expect(index).toMatch(new RegExp(`entries; ${newer} newer ones are indexed later$`));
});
