import { withoutPassword } from '#libs/mongo';

/** A setting that is wrong: the message is one line and names it. */
export class SettingInvalid extends Error {
  readonly code = 'SETTING_INVALID';
}

/** 设置: one variable of the environment. */
export interface Setting<Value> {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
  readonly services: readonly string[];
  readonly parse: (text: string) => Value | undefined;
  readonly expected: string;
  /** Never shown, also when it is wrong. */
  readonly isSecret?: boolean;
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

/** 进程: what can be started. */
export type ProcessName = keyof typeof PORTS;

/** A setting that every process reads. */
export const EVERY: readonly string[] = Object.keys(PORTS);

/**
 * What a process's environment says of a setting, or its default.
 *
 * @throws SettingInvalid
 */
export function valueOf<Value>(setting: Setting<Value>, env: NodeJS.ProcessEnv): Value {
  const text = env[setting.name] ?? setting.default;
  const value = setting.parse(text);
  if (value === undefined) {
    const shown = JSON.stringify(withoutPassword(text));
    const found = setting.isSecret === true ? 'is wrong' : `is ${shown}`;
    throw new SettingInvalid(`${setting.name} ${found}: it must be ${setting.expected}`);
  }
  return value;
}
