import { setTimeout as delay } from 'node:timers/promises';
import { endOfDayAfter } from '#libs/calendar';
import type { Answer, Client } from './client.js';

const DISPUTE = `dispute {
  id status dueAt mediator { id } returns { mediator { id } } routesTold
  parties { id name consented }
} position`;
const GRID = 'grid { code name level } position';
const POST = 'post { id kind holder { id name } } position';

const SHIFT = 'record: shift { id status } position';
const HAZARD = 'record: hazard { id status grade dueAt overdue } position';

/** Mutation, its input type and what is asked back. */
const COMMANDS: Readonly<Record<string, string>> = {
  openGrid: GRID,
  renameGrid: GRID,
  createPost: POST,
  appointHolder: POST,
  releaseHolder: POST,
  retireGrid: 'grid { code name grid { status } } position',
  foundTeam: 'record: team { id } position',
  enrolVolunteer: 'record: volunteer { id } position',
  publishShift: SHIFT,
  claimShift: SHIFT,
  checkIn: SHIFT,
  checkOut: SHIFT,
  confirmHours: SHIFT,
  noteObservation: 'record: observation { id } position',
  registerPlace: 'record: place { id } position',
  closePlace: 'record: place { id } position',
  recordInspection: 'record: inspection { id } position',
  reportHazard: HAZARD,
  gradeHazard: HAZARD,
  rectifyHazard: HAZARD,
  recheckHazard: HAZARD,
  reportDispute: DISPUTE,
  giveConsent: DISPUTE,
  refuseMediation: DISPUTE,
  assignMediator: DISPUTE,
  recordSession: DISPUTE,
  settleDispute: DISPUTE,
  endMediation: DISPUTE,
};

export interface DisputeAnswer {
  readonly id: string;
  readonly status: string;
  readonly mediator: { readonly id: string } | null;
  readonly returns: readonly { readonly mediator: { readonly id: string } }[];
  readonly parties: readonly { readonly id: string; readonly name: string }[];
}

interface DisputesAnswer {
  readonly area: {
    readonly disputes: {
      readonly nodes: readonly { readonly id: string }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

interface Changed {
  readonly position: string;
  /** What volunteers and inspections answer, whatever it is called there. */
  readonly record: { readonly id: string; readonly status: string };
  readonly dispute: DisputeAnswer;
  readonly post: { readonly id: string; readonly holder: { readonly id: string } | null };
  readonly grid: { readonly code: string; readonly name: string };
}

/** What people in an office do, through the gateway's own commands. */
export class Office {
  constructor(private readonly client: Client) {}

  asked(command: string, input: object): Promise<Answer> {
    const type = `${command[0]?.toUpperCase()}${command.slice(1)}Input!`;
    const fields = COMMANDS[command];
    if (fields === undefined) throw new Error(`no command ${command}`);
    return this.client.ask(
      `mutation ($input: ${type}) { done: ${command}(input: $input) { ${fields} } }`,
      { input },
    );
  }

  async done(command: string, input: object): Promise<Changed> {
    const { data, errors } = await this.asked(command, input);
    if (errors.length > 0) throw new Error(`${command}: ${JSON.stringify(errors)}`);
    return data['done'] as unknown as Changed;
  }

  async openGrid(code: string, name: string): Promise<void> {
    await this.done('openGrid', { code, name });
  }

  async appoint(
    kind: string,
    area: string,
    name: string,
  ): Promise<{ post: string; holder: string }> {
    const { post } = await this.done('createPost', { kind, area });
    const appointed = await this.done('appointHolder', { postId: post.id, name });
    return { post: post.id, holder: appointed.post.holder?.id ?? '' };
  }

  async release(postId: string, reason: string): Promise<void> {
    await this.done('releaseHolder', { postId, reason });
  }

  reportInput(grid: string): object {
    return {
      grid,
      type: 'NEIGHBOURS',
      facts: '楼上漏水，两家就维修费用意见不一。',
      parties: [{ name: '张甲' }, { name: '陈乙' }],
    };
  }

  async report(grid: string, more: object = {}): Promise<DisputeAnswer> {
    return (await this.done('reportDispute', { ...this.reportInput(grid), ...more })).dispute;
  }

  async consent(disputeId: string, partyId: string): Promise<DisputeAnswer> {
    return (await this.done('giveConsent', { disputeId, partyId })).dispute;
  }

  /** A dispute to whose mediation both parties have agreed. */
  async accepted(grid: string): Promise<DisputeAnswer> {
    const { id, parties } = await this.report(grid);
    for (const party of parties) await this.consent(id, party.id);
    return this.dispute(id);
  }

  async assign(disputeId: string, mediatorId: string): Promise<DisputeAnswer> {
    return (await this.done('assignMediator', { disputeId, mediatorId })).dispute;
  }

  async session(disputeId: string): Promise<DisputeAnswer> {
    const heldAt = new Date(Date.now() - 60_000).toISOString();
    return (await this.done('recordSession', { disputeId, heldAt, summary: '双方各自陈述。' }))
      .dispute;
  }

  async settle(disputeId: string, signedBy: readonly string[]): Promise<DisputeAnswer> {
    const input = { disputeId, terms: '费用各半。', performBy: '2030-01-31', signedBy };
    return (await this.done('settleDispute', input)).dispute;
  }

  async dispute(id: string): Promise<DisputeAnswer> {
    const query = `query ($id: ID!) { dispute(id: $id) {
      id status mediator { id } returns { mediator { id } } parties { id name }
    } }`;
    return (await this.client.data<{ dispute: DisputeAnswer }>(query, { id })).dispute;
  }

  /** Every open dispute of an area, page by page. */
  async openDisputes(code: string): Promise<readonly { readonly id: string }[]> {
    const query = `query ($code: ID!, $after: String) { area(code: $code) {
      disputes(status: OPEN, first: 200, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage endCursor }
      }
    } }`;
    const found: { readonly id: string }[] = [];
    let after: string | null = null;
    for (;;) {
      const answer: DisputesAnswer = await this.client.data(query, { code, after });
      const { nodes, pageInfo } = answer.area.disputes;
      found.push(...nodes);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) return found;
    }
  }

  /** Waits for what another service brings about, at most 5 s. */
  async until(id: string, holds: (dispute: DisputeAnswer) => boolean): Promise<DisputeAnswer> {
    for (let tries = 0; tries < 100; tries += 1) {
      const dispute = await this.dispute(id);
      if (holds(dispute)) return dispute;
      await delay(50);
    }
    throw new Error(`dispute ${id} did not become what was awaited`);
  }
}

/** The end of the n-th day after today in Shanghai, as the calendar gives it. */
export function dueDate(days: number): string {
  return endOfDayAfter(new Date().toISOString(), days);
}
