/** An expected failure: the user reads its message as one line, without a stack. */
export class Stop extends Error {}

/** Prints one line of progress. Standard output belongs to the answer, so it goes to stderr. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/**
 * Shows a step while `work` runs. A terminal gets one line that counts the seconds and is rewritten;
 * a pipe gets a plain line before and after, since nothing can be rewritten in a log.
 */
export async function step(name, what, work) {
  const start = performance.now();
  const live = process.stderr.isTTY ? showLive(name, what, start) : undefined;
  if (!live) say(`${name}: ${what}`);
  try {
    const answer = await work();
    live?.end();
    say(
      live ? `${name}: ${what}, done in ${seconds(start)}` : `${name}: done in ${seconds(start)}`,
    );
    return answer;
  } catch (error) {
    live?.end();
    throw error;
  }
}

function showLive(name, what, start) {
  const draw = () => process.stderr.write(`\r${name}: ${what} ... ${seconds(start)}`);
  draw();
  const timer = setInterval(draw, 200);
  return {
    end: () => {
      clearInterval(timer);
      process.stderr.write('\r\x1b[2K');
    },
  };
}
