import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { claimedIdentity, openTokenKey, type Role } from '#libs/access';
import { closeRooms, type Language, openRoom, SystemClock } from '#libs/service';
import { busOfQuietRegistry } from './quiet-registry.js';
import { mediation } from '../src/mediation.module.js';
import { areaCode, MEDIATION_TERM } from './disputes.js';

/** What is answered: the data, and the codes of the errors if there are any. */
export interface Answer {
  readonly data: unknown;
  readonly codes: readonly unknown[] | undefined;
}

/** Mediation on its real stores, in a folder of its own that goes when it is closed. */
export async function openOffice() {
  const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-mediation-'));
  const host = {
    dataDir,
    clock: new SystemClock(),
    installation: 'sample',
    bus: busOfQuietRegistry(),
  };
  const { stores, ...room } = mediation(
    { ...host, tokenKey: openTokenKey(dataDir) },
    MEDIATION_TERM,
  );
  const service = await openRoom({ ...room, stores });
  return {
    stores,
    dataDir,
    /** What somebody in a role in an area is answered by this service itself, without a gateway. */
    asked: async (
      role: Role,
      area: string,
      source: string,
      variables: object,
      language: Language = 'en',
    ): Promise<Answer> => {
      const identity = claimedIdentity({ subject: 'spec', role, area: areaCode(area) });
      const { data, errors } = await graphql({
        schema: service.schema,
        source,
        contextValue: { identity, language, headers: {} },
        variableValues: { ...variables },
      });
      return { data, codes: errors?.map(({ extensions }) => extensions['code']) };
    },
    close: async () => {
      await closeRooms([service]);
      rmSync(dataDir, { recursive: true });
    },
  };
}
