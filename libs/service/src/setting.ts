import { withoutPassword } from '#libs/mongo';

/** A setting that is wrong: the message is one line and names it. */
export class SettingInvalid extends Error {
  readonly code = 'SETTING_INVALID';
}

export interface Setting<Value> {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
  readonly services: readonly string[];
  readonly parse: (text: string) => Value | undefined;
  readonly expected: string;
}

/** Default port of each process. */
export const PORTS = {
  platform: 4000,
  gateway: 4000,
  'grid-registry': 4001,
  mediation: 4002,
  volunteers: 4003,
  inspections: 4004,
} as const;

export type ProcessName = keyof typeof PORTS;

export const EVERY = Object.keys(PORTS);

/** @throws SettingInvalid */
export function valueOf<Value>(setting: Setting<Value>, env: NodeJS.ProcessEnv): Value {
  const text = env[setting.name] ?? setting.default;
  const value = setting.parse(text);
  if (value === undefined) {
    throw new SettingInvalid(
      `${setting.name} is ${JSON.stringify(withoutPassword(text))}: it must be ${setting.expected}`,
    );
  }
  return value;
}
