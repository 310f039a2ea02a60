import type { Acknowledged } from './ledger.js';
import type { Desk, Wish } from './office-desk.js';

interface KnownShift {
  readonly id: string;
  readonly team: string;
  volunteer: string | undefined;
  /** What was last done of it. */
  done: string;
}

const MINUTE_MS = 60_000;
const TEAMS_MAX = 3;
const VOLUNTEERS_MAX = 6;

/** 志愿巡防: teams, volunteers, their shifts and what they note. */
export class Patrols {
  readonly observations: string[] = [];
  private readonly teams: string[] = [];
  private readonly volunteers: { readonly id: string; readonly team: string }[] = [];
  private readonly shifts: KnownShift[] = [];

  constructor(private readonly desk: Desk) {}

  next(): Wish {
    const { chance } = this.desk;
    if (this.teams.length === 0 || (this.teams.length < TEAMS_MAX && chance.happens(0.08))) {
      return { name: 'foundTeam', input: { area: this.desk.grid(), name: '巡防队' } };
    }
    const { volunteers } = this;
    if (volunteers.length === 0 || (volunteers.length < VOLUNTEERS_MAX && chance.happens(0.15))) {
      return this.enrol();
    }
    if (this.shifts.length === 0 || chance.happens(0.25)) return this.publish();
    return this.goOn(chance.of(this.shifts.slice(-3)));
  }

  hear({ asked, id }: Acknowledged): void {
    switch (asked.name) {
      case 'foundTeam':
        this.teams.push(id);
        break;
      case 'enrol':
        this.volunteers.push({ id, team: asked.input.team });
        break;
      case 'publishShift':
        this.shifts.push({ id, team: asked.input.team, volunteer: undefined, done: 'published' });
        break;
      case 'noteObservation':
        this.observations.push(id);
        break;
      case 'claimShift':
        this.progress(id, asked.name, asked.input.volunteer);
        break;
      default:
        this.progress(id, asked.name);
    }
  }

  followed(observation: string): void {
    const index = this.observations.indexOf(observation);
    if (index >= 0) this.observations.splice(index, 1);
  }

  private progress(id: string, done: string, volunteer?: string): void {
    const shift = this.shifts.find((each) => each.id === id);
    if (shift === undefined) return;
    shift.done = done;
    shift.volunteer ??= volunteer;
  }

  private enrol(): Wish {
    const { chance } = this.desk;
    const bornOn = `${chance.between(1960, 2012)}-05-01`;
    const input = { team: chance.of(this.teams), name: '王丁', bornOn };
    return { name: 'enrol', input: { ...input, guardianConsent: chance.happens(0.7) } };
  }

  private publish(): Wish {
    const { chance, now, grid } = this.desk;
    const start = Date.parse(now()) + chance.between(-2, 120) * MINUTE_MS;
    const end = start + chance.between(1, 5) * 45 * MINUTE_MS;
    const time = (ms: number): string => new Date(ms).toISOString();
    const risk = chance.happens(0.2) ? 'RISKY' : 'ORDINARY';
    const team = chance.of(this.teams);
    const input = { team, grid: grid(), startsAt: time(start), endsAt: time(end), risk } as const;
    return { name: 'publishShift', input };
  }

  private goOn({ id: shift, team, volunteer, done }: KnownShift): Wish {
    const { chance } = this.desk;
    if (chance.happens(0.06)) return { name: 'cancelShift', input: { shift } };
    const theirs = this.volunteers.filter((each) => each.team === team);
    const someone = chance.of(chance.happens(0.9) && theirs.length > 0 ? theirs : this.volunteers);
    if (volunteer === undefined || chance.happens(0.06)) {
      return { name: 'claimShift', input: { shift, volunteer: someone.id } };
    }
    const input = { shift, volunteer: chance.happens(0.95) ? volunteer : someone.id };
    const acting = { input, actor: input.volunteer };
    if (done === 'claimShift') return { name: 'checkIn', ...acting };
    if (done === 'checkIn' && chance.happens(0.5)) {
      const note = { ...input, place: '楼道', fact: '杂物堵塞' };
      return { name: 'noteObservation', input: note, actor: input.volunteer };
    }
    if (done === 'checkIn' || done === 'noteObservation') return { name: 'checkOut', ...acting };
    return { name: 'confirmHours', input: { shift } };
  }
}
