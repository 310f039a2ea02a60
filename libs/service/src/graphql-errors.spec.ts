import { type ArgumentsHost, Logger } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { CommandConflict, EventTooLarge, LogBusy, LogReadOnly } from '#libs/event-log';
import { RowParked, ViewsBehind } from '#libs/views';
import { GraphqlErrorFilter } from './graphql-errors.js';

const asked = { getType: () => 'graphql' } as unknown as ArgumentsHost;
const heard = { getType: () => 'rpc' } as unknown as ArgumentsHost;

function answerTo(error: unknown): GraphQLError {
  try {
    new GraphqlErrorFilter().catch(error, asked);
  } catch (told) {
    // What is returned would be taken for the record that was asked for.
    if (told instanceof GraphQLError) return told;
  }
  throw new Error('the filter has told nothing');
}

beforeAll(() => Logger.overrideLogger(false));

describe('a fault of the log or of the views tells whoever asked what to do', () => {
  it.each([
    [new CommandConflict('door-1', 3), 'COMMAND_CONFLICT', 'try again'],
    [
      new EventTooLarge('Opened', 70_000, 60_000),
      'EVENT_TOO_LARGE',
      '70000 bytes of at most 60000',
    ],
    [new LogBusy('door', 500), 'LOG_BUSY', 'nothing of this was recorded'],
    [new LogReadOnly('door', 'it has lost 3 events'), 'LOG_READ_ONLY', 'it has lost 3 events'],
    [new ViewsBehind('doors', 12, 17), 'VIEWS_BEHIND', 'before 12: try again soon'],
    [new RowParked('doors', 'a', 'door-a', 17, 'why'), 'ROW_PARKED', 'position 17'],
  ])('%s', (fault, code, told) => {
    const { message, extensions } = answerTo(fault);
    const messages = extensions['messages'] as { zh: string; en: string };
    expect(extensions['code']).toBe(code);
    expect(messages.en).toContain(told);
    expect([message, /\p{Script=Han}/u.test(message)]).toEqual([messages.zh, true]);
  });

  it('when it makes sense to ask again', () => {
    expect(answerTo(new LogBusy('door', 500)).extensions['retryAfterMs']).toBe(500);
    expect(answerTo(new ViewsBehind('doors', 1, 2)).extensions['retryAfterMs']).toBe(1000);
    expect(answerTo(new LogReadOnly('door', 'x')).extensions).not.toHaveProperty('retryAfterMs');
  });

  it('anything else is ours alone', () => {
    const { extensions, message } = answerTo(new Error('secret'));
    expect([extensions['code'], message.includes('secret')]).toEqual(['INTERNAL_ERROR', false]);
  });

  it('the bus hears of it: it tries the event again', () => {
    const fault = new LogReadOnly('door', 'x');
    expect(() => new GraphqlErrorFilter().catch(fault, heard)).toThrow(fault);
  });
});
