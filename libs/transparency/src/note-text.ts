/** 签名文书无效: a note that is malformed, that nobody known signed, or whose signature is false. */
export class NoteInvalid extends Error {
  override readonly name = 'NoteInvalid';
  readonly code = 'NOTE_INVALID';

  constructor(readonly reason: string) {
    super(`The note is not valid: ${reason}.`);
  }
}

/**
 * Whether a text may stand in a note: valid Unicode without control characters below U+0020, save
 * for newlines (c2sp.org/signed-note, "Format").
 */
export function isNoteText(text: string): boolean {
  return text.isWellFormed() && !/[^\n -\u{10ffff}]/u.test(text);
}

/** A key's name is not empty and has neither white space nor a plus (c2sp.org/signed-note). */
export function isKeyName(name: string): boolean {
  return name !== '' && isNoteText(name) && !/[\p{White_Space}+]/u.test(name);
}
