import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeftOut } from './left-out.ts';

/** Who makes the topics and gives out the rights, as an installation's operator does. */
export const ADMIN = 'admin';
/** As whom the broker speaks to itself. */
const BROKER = 'broker';
const SECRET_BYTES = 18;
/** Of a server that is thrown away; who keeps one makes certificates in his own way. */
const DAYS = '3650';

/** How a broker of our own is guarded: by TLS, SASL/SCRAM and access lists. */
export interface KafkaSecurity {
  /** A file with the certificate that the broker shows, in PEM. */
  readonly ca: string;
  /** Who may sign in, with passwords. */
  readonly users: Readonly<Record<string, string>>;
}

/**
 * The certificate and the passwords in `dir`, which are made there the first time.
 *
 * @throws LeftOut when the machine has no keytool
 */
export function openSecurity(dir: string, users: readonly string[]): KafkaSecurity {
  const file = join(dir, 'users.json');
  if (!existsSync(file)) {
    const names = [ADMIN, BROKER, ...users];
    const secrets = names.map((name) => [name, randomBytes(SECRET_BYTES).toString('base64url')]);
    const text = `${JSON.stringify(Object.fromEntries(secrets), undefined, 2)}\n`;
    writeFileSync(file, text, { mode: 0o600 });
  }
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const ca = join(dir, 'ca.crt');
  if (!existsSync(ca)) makeCertificate(dir, ca, known[BROKER] ?? '');
  return { ca, users: known };
}

/** One that stands for itself: who trusts it trusts this broker and no other. */
function makeCertificate(dir: string, ca: string, password: string): void {
  const store = ['-keystore', storeOf(dir), '-storepass', password, '-alias', 'broker'];
  const subject = ['-dname', 'CN=fengqiao-kafka', '-ext', 'SAN=ip:127.0.0.1,dns:localhost'];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', DAYS];
  keytool(['-genkeypair', '-storetype', 'PKCS12', ...store, ...subject, ...key]);
  writeFileSync(ca, keytool(['-exportcert', '-rfc', ...store]));
}

function keytool(args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('keytool', args, { encoding: 'utf8' });
  if (error !== undefined) throw new LeftOut('no keytool to make certificates with');
  if (status !== 0) throw new Error(`no certificate could be made: ${stdout}${stderr}`);
  return stdout;
}

const storeOf = (dir: string): string => join(dir, 'broker.p12');
const MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule';

/** What stands in the broker's properties beside where it listens. */
export function securityProperties(dir: string, { users }: KafkaSecurity): string {
  const password = users[BROKER] ?? '';
  const login = `${MODULE} required username="${BROKER}" password="${password}";`;
  return `sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${login}
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=${login}
ssl.keystore.type=PKCS12
ssl.keystore.location=${storeOf(dir)}
ssl.keystore.password=${password}
ssl.truststore.type=PEM
ssl.truststore.location=${join(dir, 'ca.crt')}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
${
  // Its own controller listens on this machine only and asks nobody who he is.
  `super.users=User:${ADMIN};User:${BROKER};User:ANONYMOUS`
}
`;
}

/** What the tool that makes the storage is told, so that these may sign in from the beginning. */
export function scramArguments({ users }: KafkaSecurity): readonly string[] {
  return Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-512', 'SCRAM-SHA-256'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
}
