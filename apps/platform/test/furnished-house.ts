import { COUNTY, GRID, type RightsHouse, system, VILLAGE } from './rights-house.js';

const registrar = system('registrar', COUNTY);
const supervisor = system('supervisor', COUNTY);

/** One of everything, in one grid. */
export async function furnish(at: RightsHouse): Promise<Readonly<Record<string, string>>> {
  const open = `mutation { openGrid(input: { code: "${GRID}", name: "甲" }) { position } }`;
  await at.ask(registrar, open);
  const post = await newPost(at, 'MEDIATOR', 'mediator-1');
  const other = await newPost(at, 'MEDIATOR', 'mediator-2');
  const police = await newPost(at, 'COMMUNITY_POLICE_OFFICER', 'police-1');
  const vacant = await at.does(registrar, 'createPost', { kind: 'MEDIATOR', area: VILLAGE });
  await at.settled();
  const holder = await holderOf(at, post);
  const dispute = await newDispute(at, holder);
  return {
    ...{ area: GRID, post, vacant, holder, dispute },
    holder2: await holderOf(at, other),
    police: await holderOf(at, police),
    ...(await newPatrol(at)),
    ...(await newHazard(at)),
  };
}

async function newPost(at: RightsHouse, kind: string, account: string): Promise<string> {
  const postId = await at.does(registrar, 'createPost', { kind, area: VILLAGE });
  await at.does(registrar, 'appointHolder', { postId, name: '示例甲', account });
  return postId;
}

async function holderOf(at: RightsHouse, id: string): Promise<string> {
  const query = 'query ($id: ID!) { post(id: $id) { holder { id } } }';
  const { data } = await at.ask(registrar, query, { variables: { id } });
  return (data?.['post'] as { holder: { id: string } }).holder.id;
}

async function newDispute(at: RightsHouse, mediatorId: string): Promise<string> {
  const parties = [{ name: '示例甲' }, { name: '示例乙' }];
  const report = { grid: GRID, type: 'NEIGHBOURS', facts: '楼道堆物。', parties };
  const disputeId = await at.does(supervisor, 'reportDispute', report);
  const query = 'query ($id: ID!) { dispute(id: $id) { parties { id } } }';
  const { data } = await at.ask(supervisor, query, { variables: { id: disputeId } });
  for (const { id } of (data?.['dispute'] as { parties: readonly { id: string }[] }).parties) {
    await at.does(supervisor, 'giveConsent', { disputeId, partyId: id });
  }
  await at.does(supervisor, 'assignMediator', { disputeId, mediatorId });
  return disputeId;
}

async function newPatrol(at: RightsHouse) {
  const team = await at.does(supervisor, 'foundTeam', { area: VILLAGE, name: '巡防队' });
  const enrol = { teamId: team, name: '示例丁', bornOn: '1990-01-01', account: 'account-v' };
  const volunteer = await at.does(supervisor, 'enrolVolunteer', enrol);
  const startsAt = new Date(Date.now() + 600_000).toISOString();
  const endsAt = new Date(Date.now() + 4_200_000).toISOString();
  const publish = { teamId: team, grid: GRID, startsAt, endsAt, risk: 'ORDINARY' };
  const shift = await at.does(supervisor, 'publishShift', publish);
  const serve = { shiftId: shift, volunteerId: volunteer };
  await at.does(supervisor, 'claimShift', serve);
  await at.does(supervisor, 'checkIn', serve);
  const sight = { ...serve, place: '路口', fact: '路灯不亮。' };
  const observation = await at.does(supervisor, 'noteObservation', sight);
  return { team, volunteer, shift, observation };
}

async function newHazard(at: RightsHouse) {
  const register = { grid: GRID, kind: 'SHOP', name: '示例商店' };
  const place = await at.does(supervisor, 'registerPlace', register);
  const { data } = await at.ask(supervisor, '{ checklist(kind: SHOP) { code } }');
  const codes = (data?.['checklist'] as readonly { code: string }[]).map((item) => item.code);
  const items = codes.map((item, index) => ({ code: item, result: index === 0 ? 'FAIL' : 'PASS' }));
  const inspection = await at.does(supervisor, 'recordInspection', { placeId: place, items });
  const hazard = await at.does(supervisor, 'reportHazard', {
    inspectionId: inspection,
    item: codes[0],
    description: '灭火器过期。',
    grade: 'ORDINARY',
    fixedOnSpot: false,
    dueInDays: 7,
  });
  return { place, inspection, hazard };
}
