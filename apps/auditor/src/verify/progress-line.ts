import type { CommandIo } from '../command.js';

const TERMINAL_MS = 200;
const FILE_MS = 5_000;

/** 进度: how far a verification is; one line that is rewritten, or a line now and then in a file. */
export interface ProgressLine {
  tell(done: number, total: number): void;
  /** Takes the line back, so that what follows stands at its place. */
  clear(): void;
}

export function progressLine({ err }: CommandIo, service: string): ProgressLine {
  const isTerminal = err.isTTY === true;
  const every = isTerminal ? TERMINAL_MS : FILE_MS;
  let toldAt = performance.now();
  let isShown = false;
  return {
    tell: (done, total) => {
      if (performance.now() - toldAt < every) return;
      toldAt = performance.now();
      const text = `${service}: ${done} of ${total} entries (${Math.floor((done / total) * 100)} %)`;
      err.write(isTerminal ? `\r\u001b[2K${text}` : `${text}\n`);
      isShown = isTerminal;
    },
    clear: () => {
      if (isShown) err.write('\r\u001b[2K');
    },
  };
}
