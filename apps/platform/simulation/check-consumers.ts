import type { Disk } from './disk.js';
import type { Town } from './town.js';

/** Everybody has heard everybody out, and nothing was put aside on the way. */
export async function checkConsumers(town: Town): Promise<readonly string[]> {
  const all = [...town.disks.values()];
  return (await Promise.all(all.map((disk) => ofService(disk, town)))).flat();
}

async function ofService(
  { name, checkpoints: { store }, rows }: Disk,
  town: Town,
): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const origin of store.origins()) {
    const [heard, head] = [store.load(origin), await town.disks.get(origin)?.log.head()];
    if (heard !== head) findings.push(`${name} has heard ${heard} of ${head} events of ${origin}`);
    for (const { handler, stream, reason } of store.parked.lanes(origin)) {
      findings.push(`${name} has parked ${stream} for ${handler}: ${reason}`);
    }
  }
  for (const { view, stream, reason } of await rows.store.parked()) {
    findings.push(`${name} has parked ${stream} for the view ${view}: ${reason}`);
  }
  return findings;
}
