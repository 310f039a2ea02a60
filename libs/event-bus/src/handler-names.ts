import type { Type } from '@nestjs/common';
import { PATTERN_EXTRAS_METADATA, PATTERN_METADATA } from '@nestjs/microservices/constants.js';

/**
 * Gives each `@EventPattern` method of the reactions its name. Nest passes a method's extras on to
 * the transport, but neither its class nor its name.
 */
export function nameHandlers(reactions: readonly Type<unknown>[]): void {
  for (const reaction of reactions) {
    const methods = reaction.prototype as Record<string, unknown>;
    for (const name of Object.getOwnPropertyNames(methods)) {
      const method = Object.getOwnPropertyDescriptor(methods, name)?.value as unknown;
      if (typeof method !== 'function' || !Reflect.hasMetadata(PATTERN_METADATA, method)) continue;
      const extras = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, method) as object | undefined;
      const named = { ...extras, handler: `${reaction.name}.${name}` };
      Reflect.defineMetadata(PATTERN_EXTRAS_METADATA, named, method);
    }
  }
}
