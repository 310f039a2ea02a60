import { LogOutcomeUnknown } from '#libs/event-log';
import { faultError } from './graphql-errors.js';

class MongoNetworkError extends Error {
  override readonly name = 'MongoNetworkError';
}

it.each([
  ['the driver lost the server', new MongoNetworkError('read ECONNRESET')],
  ['nobody knows what was recorded', new LogOutcomeUnknown('mediation', new Error('away'))],
])('says that the database is away, and to send the command again, when %s', (_, fault) => {
  const { message, extensions } = faultError(fault) ?? { message: '', extensions: {} };
  expect(extensions).toMatchObject({ code: 'DATABASE_AWAY', retryAfterMs: 2_000 });
  expect(message).toContain('commandId');
  expect(JSON.stringify(extensions)).not.toContain('ECONNRESET');
});

it('leaves what is no fault of the database to others', () => {
  expect(faultError(new Error('read ECONNRESET'))).toBeUndefined();
  expect(faultError('MongoNetworkError')).toBeUndefined();
});
