import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enlisted, GRID, LI, NOW } from '../test/disputes.js';
import { openOffice } from '../test/office.js';
import { tell } from '../test/room.js';
import { disputesView } from './disputes.view.js';

const NAMES = ['示例欧阳甲', '示例司马乙'] as const;
const TEXTS = {
  facts: '示例：甲家漏水，乙家墙面受损。',
  summary: '示例：双方同意一起查看水管。',
  terms: '示例：甲修水管，乙刷墙面。',
  reason: '示例：双方对金额分歧较大。',
} as const;
const PERSONAL = [...NAMES, ...Object.values(TEXTS)];
const FILE = `id status facts parties { id name consented } sessions { heldAt summary }
  agreement { terms performBy } endReason`;

interface Dispute {
  readonly id: string;
  readonly parties: readonly [Party, Party];
}

interface Party {
  readonly id: string;
  readonly name: string | null;
}

interface Done {
  readonly done: { readonly position: string; readonly dispute: Dispute };
}

let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  office = await openOffice();
  const admitted = { type: 'GridAdmitted', grid: GRID, name: '第一网格', at: NOW };
  await tell(office.stores.log, { [`grid-${GRID}`]: [admitted], [`mediator-${LI}`]: [enlisted] });
});

afterAll(() => office.close());

const asked = (command: string, input: object) => {
  const type = `${command.charAt(0).toUpperCase()}${command.slice(1)}Input!`;
  const done = `done: ${command}(input: $input) { position dispute { ${FILE} } }`;
  return office.asked('supervisor', '4305', `mutation ($input: ${type}) { ${done} }`, { input });
};

async function done(command: string, input: object): Promise<Done['done']> {
  const { data, codes } = await asked(command, input);
  if (codes !== undefined) throw new Error(`${command}: ${codes.join()}`);
  return (data as Done).done;
}

async function disputeAt(id: string): Promise<unknown> {
  const query = `query ($id: ID!) { dispute(id: $id) { ${FILE} } }`;
  const { data, codes } = await office.asked('supervisor', '4305', query, { id });
  expect(codes).toBeUndefined();
  return (data as { readonly dispute: unknown }).dispute;
}

const inputOf = ([first, second]: readonly string[]) => ({
  grid: GRID,
  type: 'NEIGHBOURS',
  facts: TEXTS.facts,
  parties: [{ name: first }, { name: second }],
});

const reported = async (more: object = {}): Promise<Dispute> =>
  (await done('reportDispute', { ...inputOf(NAMES), ...more })).dispute;

const heldAt = '2026-03-03T01:30:00.000Z';

/** A dispute of which one session was held. */
async function mediating(): Promise<Dispute> {
  const dispute = await reported();
  const { id: disputeId, parties } = dispute;
  for (const { id: partyId } of parties) await done('giveConsent', { disputeId, partyId });
  await done('assignMediator', { disputeId, mediatorId: LI });
  await done('recordSession', { disputeId, heldAt, summary: TEXTS.summary });
  return dispute;
}

const settle = ({ id: disputeId, parties }: Dispute, more: object = {}) => {
  const signedBy = parties.map(({ id }) => id);
  const agreement = { terms: TEXTS.terms, performBy: '2030-01-31', signedBy };
  return done('settleDispute', { disputeId, ...agreement, ...more });
};

describe('what a dispute tells of people', () => {
  it('is read where it is shown, and lies nowhere as it was written', async () => {
    const settled = await mediating();
    await settle(settled);
    const { id: disputeId } = await mediating();
    await done('endMediation', { disputeId, reason: TEXTS.reason, routesTold: ['COURT'] });
    const shown = JSON.stringify([await disputeAt(settled.id), await disputeAt(disputeId)]);
    expect(PERSONAL.filter((text) => !shown.includes(text))).toEqual([]);

    const { log, views, sealing } = office.stores;
    const entries = Buffer.concat(await log.entries(0, await log.head()));
    const rows = await views.all(disputesView);
    const files = Buffer.concat(everyFileOf(join(office.dataDir, 'mediation')));
    for (const kept of [entries, Buffer.from(JSON.stringify(rows)), files]) {
      // What is not personal is found: so would the rest be.
      expect([disputeId, GRID, 'NEIGHBOURS'].filter((text) => !kept.includes(text))).toEqual([]);
      expect(PERSONAL.filter((text) => kept.includes(text))).toEqual([]);
    }
    expect(sealing.open(rows[0]!.facts)).toEqual({ text: TEXTS.facts });
  });
});

const everyFileOf = (folder: string): readonly Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));

describe('a party who was erased', () => {
  it('has no name any more; the others keep theirs, and mediation goes on', async () => {
    const dispute = await reported();
    const [{ id: erased }, { id: other }] = dispute.parties;
    await office.stores.sealing.erase(erased);
    const parties = [
      { id: erased, name: null },
      { id: other, name: NAMES[1] },
    ];
    expect(await disputeAt(dispute.id)).toMatchObject({ parties, facts: TEXTS.facts });
    const disputeId = dispute.id;
    for (const partyId of [erased, other]) await done('giveConsent', { disputeId, partyId });
    await done('assignMediator', { disputeId, mediatorId: LI });
    await done('recordSession', { disputeId, heldAt, summary: TEXTS.summary });
    await settle(dispute);
    expect(await disputeAt(disputeId)).toMatchObject({
      status: 'SETTLED',
      parties,
      agreement: { terms: TEXTS.terms },
    });
  });
});

describe('the file of a dispute that was erased', () => {
  it('tells nothing any more; who the parties were, and what was done, is still known', async () => {
    const dispute = await mediating();
    await settle(dispute);
    await office.stores.sealing.erase(dispute.id);
    expect(await disputeAt(dispute.id)).toMatchObject({
      status: 'SETTLED',
      facts: null,
      parties: [{ name: NAMES[0] }, { name: NAMES[1] }],
      sessions: [{ heldAt, summary: null }],
      agreement: { terms: null, performBy: '2030-01-31' },
      endReason: null,
    });
  });

  it('tells nothing of why it ended', async () => {
    const { id: disputeId } = await mediating();
    await done('endMediation', { disputeId, reason: TEXTS.reason, routesTold: ['COURT'] });
    await office.stores.sealing.erase(disputeId);
    expect(await disputeAt(disputeId)).toMatchObject({ status: 'TERMINATED', endReason: null });
  });
});

describe('a command that is sent again under its id', () => {
  const commandId = '019a0000-0000-7000-8000-0000000000c1';

  it('answers what it answered first; with another name it is another', async () => {
    const input = { ...inputOf(NAMES), commandId };
    const once = await done('reportDispute', input);
    expect(await done('reportDispute', input)).toEqual(once);
    const other = await asked('reportDispute', { ...inputOf([NAMES[0], '示例丙']), commandId });
    expect(other).toEqual({ data: { done: null }, codes: ['COMMAND_ID_REUSED'] });
  });

  it('answers so also when what it told was erased meanwhile', async () => {
    const dispute = await mediating();
    const more = { commandId: '019a0000-0000-7000-8000-0000000000c2' };
    const { position } = await settle(dispute, more);
    await office.stores.sealing.erase(dispute.id);
    expect((await settle(dispute, more)).position).toBe(position);
  });
});
