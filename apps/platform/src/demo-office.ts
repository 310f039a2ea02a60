import { issueToken, type Role, type TokenKey } from '#libs/access';
import type { AreaCode } from '#libs/contracts';

/** What a command answers: the changed record. */
export interface Changed {
  readonly id: string;
  readonly parties?: readonly { readonly id: string }[];
  readonly holder?: { readonly id: string } | null;
}

/** A command, and what is asked back of the record that it changed. */
const RECORDS: Readonly<Record<string, string>> = {
  openGrid: 'record: grid { id: code }',
  retireGrid: 'record: grid { id: code }',
  createPost: 'record: post { id }',
  appointHolder: 'record: post { id holder { id } }',
  releaseHolder: 'record: post { id }',
  reportDispute: 'record: dispute { id parties { id } }',
  giveConsent: 'record: dispute { id }',
  refuseMediation: 'record: dispute { id }',
  assignMediator: 'record: dispute { id }',
  recordSession: 'record: dispute { id }',
  settleDispute: 'record: dispute { id }',
  endMediation: 'record: dispute { id }',
  foundTeam: 'record: team { id }',
  enrolVolunteer: 'record: volunteer { id }',
  publishShift: 'record: shift { id }',
  claimShift: 'record: shift { id }',
  checkIn: 'record: shift { id }',
  checkOut: 'record: shift { id }',
  confirmHours: 'record: shift { id }',
  noteObservation: 'record: observation { id }',
  registerPlace: 'record: place { id }',
  recordInspection: 'record: inspection { id }',
  reportHazard: 'record: hazard { id }',
  gradeHazard: 'record: hazard { id }',
  rectifyHazard: 'record: hazard { id }',
  recheckHazard: 'record: hazard { id }',
};

/** Somebody in the office who works through the gateway. */
export class Desk {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async of(
    { url, key }: { readonly url: string; readonly key: TokenKey },
    who: { readonly subject: string; readonly role: Role; readonly area: AreaCode },
  ): Promise<Desk> {
    return new Desk(url, await issueToken(key, { ...who, hours: 1 }));
  }

  /** Sends a command; throws what it was refused for. */
  async does(command: string, input: object): Promise<Changed> {
    const record = RECORDS[command];
    if (record === undefined) throw new Error(`the demonstration knows no command ${command}`);
    const type = `${command[0]?.toUpperCase()}${command.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { done: ${command}(input: $input) { ${record} } }`;
    const { done } = await this.asks<{ done: { record: Changed } }>(query, { input });
    return done.record;
  }

  async asks<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Data; errors?: Refused[] };
    if (errors === undefined) return data;
    const [{ message, extensions } = { message: '', extensions: { code: '' } }] = errors;
    throw new Error(`${extensions.code}: ${message}`);
  }
}

interface Refused {
  readonly message: string;
  readonly extensions: { readonly code: string };
}
