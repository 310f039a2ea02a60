import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Item, type Kind, parseRules, violationsIn } from './boundary.ts';
import { codeItems } from './boundary/collect-codes.ts';
import { eventItems } from './boundary/collect-events.ts';
import { graphqlItems } from './boundary/collect-graphql.ts';
import { refusalItems } from './boundary/collect-refusals.ts';
import { sourceTree } from './docs/tree.ts';

const root = join(import.meta.dirname, '..');
const rules = parseRules(readFileSync(join(root, 'boundary.json'), 'utf8'));

function caught(kind: Kind, text: string): readonly string[] {
  return violationsIn([{ where: 'here', kind, text }], rules).map((violation) => violation.word);
}

describe('this repository', () => {
  const tree = sourceTree(root);
  const collectors: readonly [string, RegExp, () => Promise<readonly Item[]>][] = [
    ['GraphQL schemas', /(?<!supergraph)\.graphql$/, async () => graphqlItems(tree)],
    ['event schemas', /\.events\.ts$/, () => eventItems(tree)],
    ['refusals', /\.refusals\.ts$/, () => refusalItems(tree)],
  ];

  it.each(collectors)('has %s, and they stay within the boundary', async (_, files, collect) => {
    const items = await collect();
    expect(violationsIn(items, rules)).toEqual([]);
    expect(items.length).toBeGreaterThan(0);
    // A file that gives nothing is one that the collector cannot read.
    const unread = tree.files.filter(
      (path) => files.test(path) && !items.some((item) => item.where.startsWith(path)),
    );
    expect(unread).toEqual([]);
  });

  it('has no category code beyond the boundary, where it has any', () => {
    expect(violationsIn(codeItems(tree), rules)).toEqual([]);
  });
});

describe('boundary.json', () => {
  const keys = rules.map((rule) => `${rule.match} ${rule.word}`);

  it('lists a word once', () => expect(new Set(keys).size).toBe(keys.length));

  it('holds every row of the list of refused functions', () => {
    const rows = new Set(rules.map((rule) => rule.reason.split(':')[0]));
    const wanted = Array.from({ length: 15 }, (_, index) => `B${index + 1}`);
    expect(wanted.filter((row) => !rows.has(row))).toEqual([]);
  });

  it.each(rules)('catches $word', ({ word, match }) => {
    const names = match === 'chinese' ? [word] : [word, `${word}Of`, `list_${word}`];
    const prose = match === 'chinese' ? `登记${word}的人数` : `the ${word} of a party`;
    for (const name of names) expect(caught('identifier', name)).toContain(word);
    expect(caught('enum value', word.toUpperCase())).toContain(word);
    expect(caught('code', word)).toContain(word);
    expect(caught('description', prose)).toContain(word);
  });

  it('refuses a row that names no source or has an exception without a reason', () => {
    const row = { word: 'face', match: 'word', reason: 'B5: biometrics', exceptions: [] };
    const unfounded = { ...row, reason: 'because' };
    const unexplained = { ...row, exceptions: [{ text: 'faceToFace', reason: '' }] };
    expect(parseRules(JSON.stringify([row]))).toHaveLength(1);
    expect(() => parseRules(JSON.stringify([unfounded]))).toThrow();
    expect(() => parseRules(JSON.stringify([unexplained]))).toThrow();
  });
});

/** What is refused: a name, a sentence, a Chinese text and an enum value of each kind. */
const refused: readonly [string, string, string, string, string][] = [
  ['ethnicity', 'partyEthnicity', 'Nationality of the party', '当事人民族', 'ETHNIC_GROUP'],
  ['religion', 'religiousBelief', 'the faith of a party', '宗教信仰', 'BELIEVERS'],
  ['politics', 'isPartyMember', 'political background', '政治面貌', 'COMMUNIST_PARTY'],
  ['biometrics', 'faceImage', 'his fingerprints', '人脸照片', 'VOICE_PRINT'],
  ['video and plates', 'cameraUrl', 'plates seen here', '车牌号码', 'VIDEO'],
  ['health', 'healthStatus', 'any disabilities', '有无疾病', 'MENTAL_ILLNESS'],
  ['addiction', 'drugAddict', 'known drug users', '吸毒人员', 'DRUG_USER'],
  ['sexual life', 'sexualOrientation', 'homosexuality', '性取向', 'SEXUAL_LIFE'],
  ['key persons', 'keyPersonId', 'a list of key people', '重点人员', 'KEY_POPULATION'],
  ['petitioners', 'petitioners', 'a petitioner', '上访', 'PETITIONER'],
  ['ex-prisoners', 'exPrisoner', 'criminal records', '刑满释放', 'COMMUNITY_CORRECTION'],
  ['informants', 'informantCode', 'our informants', '治安信息员', 'INFORMANT'],
  ['residence', 'residenceRegistrationNo', 'a household register', '户籍地址', 'HUKOU'],
  ['migrants', 'migrantWorker', 'floating population', '流动人口', 'TEMPORARY_RESIDENT'],
  ['movement', 'lastTrajectories', 'GPS of the worker', '活动轨迹', 'LOCATION_TRACK'],
  ['youths', 'atRiskYouth', 'youths of the village', '重点青少年', 'KEY_YOUTH'],
  ['net users', 'netUserName', 'known netizens', '网民', 'INTERNET_USERS'],
  ['kin', 'kinshipGraph', 'a graph of relations: family graph', '社会关系', 'FAMILY_TREE'],
  ['scores of persons', 'riskScore', 'the social credit of both', '风险评分', 'PERSON_SCORE'],
  ['identity numbers', 'partyIDCard', 'identity numbers', '身份证号', 'ID_CARD'],
  ['lists of persons', 'blackListed', 'put on a watch list', '黑名单', 'WATCHLIST'],
];

describe.each(refused)('a record of %s', (_, identifier, english, chinese, enumValue) => {
  it.each([
    ['identifier', identifier],
    ['identifier', chinese],
    ['description', english],
    ['description', `说明：${chinese}。`],
    ['enum value', enumValue],
    ['enum value', chinese],
    ['code', enumValue],
  ] as const)('is refused as %s %s', (kind, text) => {
    expect(caught(kind, text)).not.toEqual([]);
  });
});

describe('ways of writing', () => {
  it.each(['keyPerson', 'KeyPersons', 'KEY_PERSON', 'key-person', 'keyperson', 'keyPerson2'])(
    'does not let %s through',
    (name) => expect(caught('identifier', name)).toContain('keyPerson'),
  );

  it.each(['nationalities', 'illnesses', 'fingerprintImage', 'cctvs', 'CCTVs', 'GPSOfWorker'])(
    'does not let %s through',
    (name) => expect(caught('identifier', name)).not.toEqual([]),
  );

  it.each(['重点 人员', '重点\u200b人员', '重点_人员', '重点\n人员'])(
    'does not let a split Chinese word through: %j',
    (text) => expect(caught('description', text)).toContain('重点人员'),
  );

  it('does not let full-width letters through', () =>
    expect(caught('description', 'ｆａｃｅ 照片')).toContain('face'));
});

describe('words that only look alike', () => {
  it.each([
    'party',
    'parties',
    'partyConsent',
    'surface',
    'interface',
    'trace',
    'traceparent',
    'template',
    'relatives',

    'international',
    'nationalHoliday',
    'fundamental',
    'invoice',
    'healthz',
    'kind',
    'skin',
    'minor',
    'petitionOffice',
    'hazardRisk',
  ])('lets %s through', (name) => {
    expect(caught('identifier', name)).toEqual([]);
    expect(caught('description', `A ${name} of the grid.`)).toEqual([]);
  });

  it.each(['双方当事人', '村民委员会', '婚姻家庭', '拖欠农民工工资', '医疗', '党建联席会'])(
    'lets %s through',
    (text) => expect(caught('description', text)).toEqual([]),
  );
});

describe('exceptions', () => {
  it.each(['injury', 'INJURY', 'personalInjury', 'PERSONAL_INJURY', 'FACE_TO_FACE', '身份证明'])(
    'lets the listed name %s through',
    (name) => expect(caught('enum value', name)).toEqual([]),
  );

  it.each(['injuryHistory', 'injuredParty', 'faceToFacePhoto', '身份证明号'])(
    'lets no longer name through: %s',
    (name) => expect(caught('identifier', name)).not.toEqual([]),
  );

  it.each(['An injury was seen.', 'Parties act in good faith, face to face.', '已核对身份证明。'])(
    'lets a listed phrase through in prose: %s',
    (text) => expect(caught('description', text)).toEqual([]),
  );

  it('still sees what stands beside a listed phrase', () => {
    expect(caught('description', 'face to face, with a photo of the face')).toEqual(['face']);
    expect(caught('description', '户籍代办与户籍登记')).toEqual(['户籍']);
  });
});
