import { generateKeyPairSync } from 'node:crypto';
import { parseAreaCode } from '#libs/contracts';
import { issueServiceToken, verifyServiceToken } from './service-token.js';
import { issueToken, verifyToken } from './token.js';

const key = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');

it('tells which service bears it', async () => {
  const token = await issueServiceToken(key, 'grid-registry');
  expect(await verifyServiceToken(key, `Bearer ${token}`)).toBe('grid-registry');
});

it('lets nobody act as a person', async () => {
  const token = await issueServiceToken(key, 'mediation');
  await expect(verifyToken(key, token, Date.now())).rejects.toThrow('the token is refused');
});

it('is no person’s token, nor one of another platform, nor none', async () => {
  const area = parseAreaCode('0')!;
  const request = { subject: 'auditor-1', role: 'auditor', area, hours: 1 } as const;
  const persons = await issueToken(key, request);
  const strangers = await issueServiceToken(other, 'mediation');
  for (const token of [persons, strangers]) {
    await expect(verifyServiceToken(key, `Bearer ${token}`)).rejects.toThrow('token is refused');
  }
  await expect(verifyServiceToken(key, undefined)).rejects.toThrow('the token is refused: missing');
});
