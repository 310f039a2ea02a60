/** A place in a service's log as it is shown outside: `mediation@1234`. */
export function positionText(origin: string, position: number): string {
  return `${origin}@${position}`;
}
