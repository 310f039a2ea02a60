import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { GraphQLError } from 'graphql';
import { type Actor, claimedActor } from '#libs/access';
import { COUNTRY, textField } from '#libs/contracts';
import { refuse } from '#libs/event';
import { CommandInput, commandMeta, doneOf, IsText } from './command-input.js';
import { isId } from './ids.js';

class NoteInput extends CommandInput {
  @IsText(2000)
  text: string;
}

const actor: Actor = claimedActor({ subject: 'li-1', role: 'supervisor', area: COUNTRY });
const id = '019570C0-0000-7000-8000-00000000000A';

const noteOf = (input: object) => plainToInstance(NoteInput, input);
const faultsOf = (input: object) =>
  validateSync(noteOf(input)).map(({ property, constraints }) => [property, constraints]);

describe('a text', () => {
  it('is taken without the blanks at its ends', () => {
    expect(noteOf({ text: ' 一 二\u3000\n' }).text).toBe('一 二');
  });

  it.each([
    ['one character', '一'],
    ['the most', '一'.repeat(2000)],
    ['line breaks and tabs', '一\n\t二'],
    ['the most and blanks', ` ${'一'.repeat(2000)} `],
    ['rare characters, which count as two', '𠮷'.repeat(1000)],
  ])('may have %s, as the schema of its event allows', (_, text) => {
    expect(faultsOf({ text })).toEqual([]);
    expect(textField.safeParse(noteOf({ text }).text).success).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['blanks only', ' \u3000\n '],
    ['one character too many', '一'.repeat(2001)],
    ['rare characters beyond what is stored', '𠮷'.repeat(1001)],
    ['characters that show nothing beyond what is stored', `a${'\ufe0f'.repeat(2000)}`],
    ['nothing to be seen', '\u200b\u3164'],
    ['a mark that turns the order of reading', '张甲\u202e乙'],
    ['a character of no text', '张\u0000甲'],
    ['half a character', '张\ud800'],
    ['a number', 5],
    ['null', null],
    ['a list', ['a']],
  ])('may not have %s', (_, text) => {
    const isLength = 'text must be a text of 1 to 2000 characters';
    expect(faultsOf({ text })).toEqual([['text', { isLength }]]);
  });
});

describe('a command id', () => {
  it('may be any UUID, or left out', () => {
    for (const commandId of [id, id.toLowerCase(), undefined, null]) {
      expect(faultsOf({ text: 'a', commandId })).toEqual([]);
    }
  });

  it.each([['1'], [''], ['019570c0'], [7]])('may not be %j', (commandId) => {
    expect(faultsOf({ text: 'a', commandId })).toMatchObject([['commandId', {}]]);
  });

  it('is the same in capitals', () => {
    const [capital, small] = [id, id.toLowerCase()].map((commandId) =>
      commandMeta(actor, 'note', noteOf({ text: 'a', commandId })),
    );
    expect(capital).toEqual(small);
  });

  it('is made where the client gave none, another one each time', () => {
    const made = [undefined, null, undefined].map(
      (commandId) => commandMeta(actor, 'note', noteOf({ text: 'a', commandId })).commandId,
    );
    expect(made.map(isId)).toEqual([true, true, true]);
    expect(new Set(made).size).toBe(3);
  });
});

it('a command is asked by the actor of the token, for its name and its input', () => {
  const meta = commandMeta(actor, 'note', noteOf({ text: ' a ', commandId: id }));
  expect(JSON.parse(JSON.stringify(meta))).toEqual({
    commandId: id.toLowerCase(),
    actor: 'li-1',
    request: ['note', { text: 'a' }],
  });
});

describe('what a command led to', () => {
  const texts = { DoorLocked: { zh: '门已锁', en: 'The door is locked' } };
  const codeOfThrown = (answer: () => unknown): unknown => {
    try {
      return answer();
    } catch (error) {
      return error instanceof GraphQLError ? error.extensions['code'] : error;
    }
  };

  it('is handed on when it was done', () => {
    const done = { status: 'done', position: 3, events: [] } as const;
    expect(doneOf(done, texts)).toBe(done);
  });

  it('is an error with its code when it was refused', () => {
    expect(codeOfThrown(() => doneOf(refuse('DoorLocked'), texts))).toBe('DOOR_LOCKED');
    const reused = refuse('CommandIdReused');
    expect(codeOfThrown(() => doneOf<'DoorLocked'>(reused, texts))).toBe('COMMAND_ID_REUSED');
  });
});
