/** Runs some of the work ahead, at most `ahead` at a time, and gives the answers in their order. */
export async function* inOrder<Task, Answer>(
  tasks: Iterable<Task>,
  ahead: number,
  run: (task: Task) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const running: Promise<Answer>[] = [];
  for (const task of tasks) {
    const answer = run(task);
    // It is awaited in its turn; until then its failure must not end the process.
    void answer.catch(() => undefined);
    running.push(answer);
    const [first] = running;
    if (running.length < ahead || first === undefined) continue;
    yield await first;
    void running.shift();
  }
  for (const answer of running) yield await answer;
}
