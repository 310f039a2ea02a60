import { postsView } from '../../grid-registry/src/posts.view.js';
import { type AppointmentRow, heardAppointmentsView } from '#libs/appointments';
import { fields, type History } from './history.js';
import type { Town } from './town.js';

const HEARING = ['mediation', 'volunteers', 'inspections'];

/**
 * Every service gives exactly those accounts rights who hold a post now, in the area where the post
 * is now: who was released has none left anywhere.
 */
export async function checkAppointments(town: Town, history: History): Promise<readonly string[]> {
  const registry = (history.get('grid-registry') ?? []).map(fields);
  const holders = registry.filter(({ type }) => type === 'HolderAppointed');
  const findings: string[] = [];
  for (const { holder, post } of holders) {
    const held = await heldNow(town, String(post), String(holder));
    for (const service of HEARING) {
      const row = await heardIn(town, service, String(holder));
      const given = row?.held === true ? `${row.account} in ${row.area}` : 'nothing';
      if (given === held) continue;
      findings.push(`${service} gives ${String(holder)} rights as ${given}, must be ${held}`);
    }
  }
  return findings;
}

async function heldNow(town: Town, post: string, holder: string): Promise<string> {
  const row = await town.disks.get('grid-registry')?.rows.store.get(postsView, post);
  return row?.holder?.id === holder ? `${row.account} in ${row.area}` : 'nothing';
}

async function heardIn(
  town: Town,
  service: string,
  holder: string,
): Promise<AppointmentRow | undefined> {
  return town.disks.get(service)?.rows.store.get(heardAppointmentsView, holder);
}
