import type { TokenKey } from '#libs/access';
import { type ProcessName, type Settings, SystemClock, identitiesOf } from '#libs/service';
import { openSignIn, type OpenSignIn, Provider } from '#libs/sign-in';
import type { GatewayDoorParts } from './gateway-door.js';

/** The name of the account that is made at the first start. */
const FIRST_NAME = 'first';

/** What an open door is made of, with the accounts behind it. */
export interface OpenDoor extends GatewayDoorParts {
  readonly signIn: OpenSignIn;
}

/** Opens the accounts and all that tokens are verified by, as the settings say. */
export function openDoor(settings: Settings, tokenKey: TokenKey): OpenDoor {
  const { dataDir, signIn: said, host, port } = settings;
  // Whether somebody is signed in is a question of today, also where invented work lies in the past.
  const clock = new SystemClock();
  const provider = said.provider && new Provider(said.provider, clock);
  const publicUrl = said.publicUrl ?? `http://${host}:${port}`;
  const identities = identitiesOf({ tokenKey, dataDir, signIn: said, provider, clock });
  const options = { dataDir, key: tokenKey, clock, terms: said.terms, provider, publicUrl };
  return { identities, signIn: openSignIn(options), publicUrl };
}

/**
 * Makes the first account of an installation that has none, and tells its password: never again.
 *
 * @param tell hears a line at a time
 */
export async function makeFirstAccount(
  { signIn }: Pick<OpenDoor, 'signIn'>,
  name: ProcessName,
  tell: (line: string) => void,
): Promise<void> {
  const made = await signIn.accounts.first(FIRST_NAME, signIn.desk.nowMs());
  if (made === undefined) return;
  tell(`${name}: first account: name ${made.account.name}, password ${made.password}`);
  tell(`${name}: this is not shown again; it must be changed at the first sign-in, in 7 days`);
}
