import type { LiveViews, Query, View, ViewRow, Where } from '#libs/views';

type Asking<Row extends ViewRow> = Omit<Query<Row>, 'asOf'>;

/** 读取: a service's views as one request sees them: as they are, or as of a position. */
export class Reading {
  /**
   * @param now the time of what is answered: now, or that as of which it is
   * @param asOf the last event of the service's own log that counts, -1 for none; undefined for all
   */
  constructor(
    private readonly views: LiveViews,
    readonly now: string,
    readonly asOf?: number,
  ) {}

  get<Row extends ViewRow>(view: View<Row>, key: string): Promise<Row | undefined> {
    return this.views.get(view, key, this.at());
  }

  find<Row extends ViewRow>(view: View<Row>, query: Asking<Row>): Promise<readonly Row[]> {
    return this.views.find(view, { ...query, ...this.at() });
  }

  count<Row extends ViewRow>(view: View<Row>, where: Omit<Where<Row>, 'asOf'>): Promise<number> {
    return this.views.count(view, { ...where, ...this.at() });
  }

  /**
   * One record. `authorise` throws unless the actor may read it as it is today: rights are held
   * against where a record is, not where it was.
   *
   * @returns undefined when there is none, or was none then
   */
  async record<Row extends ViewRow>(
    view: View<Row>,
    key: string,
    authorise: (today: Row) => void | Promise<void>,
  ): Promise<Row | undefined> {
    const today = await this.today(view, key);
    if (today === undefined) return undefined;
    await authorise(today);
    return this.asOf === undefined ? today : this.get(view, key);
  }

  /** Throws unless the actor may read every one of the rows as it is today. */
  async authoriseEach<Row extends ViewRow & { readonly id: string }>(
    view: View<Row>,
    rows: readonly Row[],
    authorise: (today: Row) => void,
  ): Promise<void> {
    // Rows of a list as it is now lie in the area that was asked for.
    if (this.asOf === undefined) return;
    for (const row of rows) authorise(await this.todayOf(view, row));
  }

  today<Row extends ViewRow>(view: View<Row>, key: string): Promise<Row | undefined> {
    return this.views.get(view, key);
  }

  /** `row` itself when it was read as of today, else what has become of it. */
  async todayOf<Row extends ViewRow & { readonly id: string }>(
    view: View<Row>,
    row: Row,
  ): Promise<Row> {
    if (this.asOf === undefined) return row;
    const today = await this.today(view, row.id);
    if (today === undefined) throw new Error(`a row of ${view.name} was there and is gone`);
    return today;
  }

  private at(): { readonly asOf?: number } {
    return this.asOf === undefined ? {} : { asOf: this.asOf };
  }
}
