import type { SteppedClock } from '#libs/service';

/** More than a month of a township holds: a plan that goes on and on is a mistake. */
const TASKS_MAX = 20_000;

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => Promise<void>;
}

/** 日程: what happens when; a task may plan others. Runs them in order of time, on its clock. */
export class Agenda {
  private readonly tasks: Task[] = [];
  private planned = 0;

  constructor(
    private readonly clock: SteppedClock,
    private readonly end: number,
  ) {}

  /** Plans a task; what lies after the end does not happen. */
  at(time: number, run: () => Promise<void>): void {
    if (time >= this.end) return;
    this.planned += 1;
    if (this.planned > TASKS_MAX) throw new Error(`more than ${TASKS_MAX} tasks are planned`);
    this.tasks.push({ at: time, order: this.planned, run });
  }

  /** Runs everything that is planned; `onTask` follows each with how many are done and known. */
  async run(onTask: (done: number, known: number) => Promise<void>): Promise<void> {
    for (let done = 0; this.tasks.length > 0; done += 1) {
      this.tasks.sort((a, b) => a.at - b.at || a.order - b.order);
      const task = this.tasks.shift();
      if (task === undefined) return;
      this.clock.moveTo(task.at);
      await task.run();
      await onTask(done + 1, this.planned);
    }
  }
}
