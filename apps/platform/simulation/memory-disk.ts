import { logEvents } from '#libs/contracts';
import { type Checkpoints, openMemoryCheckpoints } from '#libs/event-bus';
import { openMemoryLog } from '#libs/event-log';
import type { ViewStore } from '#libs/views';
import type { Disk, DiskOptions } from './disk.js';
import { KeptKeys } from './kept-keys.js';
import { Rewound } from './rewound.js';

/** A disk that is quick, and loses what a plan says. */
export function memoryDisk(options: DiskOptions): Disk {
  const { name, views, scheduler, chance, plant } = options;
  const events = { ...logEvents, ...options.events };
  const kept = plant.views(name, views);
  const keys = new KeptKeys(chance);
  return {
    name,
    views,
    log: openMemoryLog({ origin: name, events, now: () => scheduler.now() }),
    keys,
    rows: new Rewound<ViewStore>(() => plant.openViews(kept)),
    checkpoints: new Rewound<Checkpoints>(openMemoryCheckpoints),
    bytes: (length) => keys.bytes(length),
    reopen: async () => undefined,
    close: async () => undefined,
  };
}
