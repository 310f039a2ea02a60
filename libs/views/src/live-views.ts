import type { Projector } from './projector.js';
import type { Query, Scalar, View, ViewRow, ViewStore, Where } from './view.js';

const PAGE = 200;
const PAGES_MAX = 10_000;

/** Reads views that hold every event of their own log: what was answered before is seen. */
export class LiveViews {
  constructor(
    private readonly projector: Projector,
    private readonly store: ViewStore,
  ) {}

  /** How many recorded events the views do not hold yet. */
  async behind(): Promise<number> {
    return this.projector.behind();
  }

  /** Resolves when the views hold every event that the log held at the call. */
  async catchUp(): Promise<void> {
    await this.projector.catchUp();
  }

  async get<Row extends ViewRow>(view: View<Row>, key: string): Promise<Row | undefined> {
    await this.projector.catchUp();
    return this.store.get(view, key);
  }

  async find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    await this.projector.catchUp();
    return this.store.find(view, query);
  }

  /**
   * Every row of a selection, page by page.
   *
   * @throws when there are more than two million: such a question needs a view of its own
   */
  async findAll<Row extends ViewRow>(
    view: View<Row>,
    selection: Omit<Query<Row>, 'after' | 'limit'>,
  ): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const last = rows.at(-1);
      const after = last && selection.orderBy.map((field) => last[field] as Scalar);
      const query = { ...selection, ...(after && { after }), limit: PAGE };
      const page = await this.find(view, query);
      rows.push(...page);
      if (page.length < PAGE) return rows;
    }
    throw new Error(`${view.name}: more than ${PAGES_MAX * PAGE} rows were asked for at once`);
  }

  async count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number> {
    await this.projector.catchUp();
    return this.store.count(view, where);
  }
}
