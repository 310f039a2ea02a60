/** 拒绝: the rule says no, and why; `facts` are values that the message may name. */
export interface Refusal<Code extends string = string> {
  readonly refused: Code;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** 决定: the events that a command leads to (none when it was done before), or a refusal. */
export type Decision<Event, Code extends string> = readonly Event[] | Refusal<Code>;

export function refuse<Code extends string>(
  code: Code,
  facts?: Readonly<Record<string, string | number>>,
): Refusal<Code> {
  return facts === undefined ? { refused: code } : { refused: code, facts };
}

export function isRefusal<Answer extends object, Code extends string>(
  answer: Answer | Refusal<Code>,
): answer is Refusal<Code> {
  return 'refused' in answer;
}
