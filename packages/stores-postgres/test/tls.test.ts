import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openClient, openStore } from './open-store.js';
import { missing, startPostgres } from './start-postgres.js';
import { expectCode, put } from './tools.js';

const openssl = 'openssl';
const withoutOpenssl = spawnSync(openssl, ['version']).status !== 0;
const password = 'SECRET-4711';

/** Files that belong to the user as whom the server runs. */
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'loci-postgres-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const root = process.getuid?.() === 0;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const own = (path: string) => {
    if (root) chownSync(path, id('-u'), id('-g'));
    return path;
  };
  own(folder);
  return { file: (name: string) => join(folder, name), own };
}

/** A server with a certificate for localhost that nobody has signed, and a user whose password it asks for. */
async function startGuarded(connections: 'host' | 'hostssl') {
  const { file, own } = ownFolder();
  const [key, cert, hba] = [file('key.pem'), file('cert.pem'), file('hba.conf')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  spawnSync(openssl, ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...name]);
  writeFileSync(
    hba,
    `host all postgres 127.0.0.1/32 trust\n${connections} all app 127.0.0.1/32 scram-sha-256\n`,
  );
  for (const path of [key, cert, hba]) own(path);
  const server = await startPostgres({ ssl: 'on', ssl_cert_file: cert, ssl_key_file: key, hba_file: hba });
  const bare = await openClient(server);
  await bare.query(`create user app password '${password}'`);
  await bare.query('grant create on database postgres to app');
  const url = (login: string, parameters = '') =>
    `postgres://${login}@localhost:${server.port}/postgres${parameters}`;
  return { server, url, ca: readFileSync(cert, 'utf8') };
}

it('[G10] TLS is used where the URL or the option says so, and the certificate is checked', {
  timeout: 30_000,
}, async ({ skip }) => {
  skip(missing, 'the program postgres is not installed');
  skip(withoutOpenssl, 'the program openssl is not installed');
  const { server, url, ca } = await startGuarded('hostssl');
  const login = `app:${password}`;
  for (const options of [
    { url: url(login), tls: { ca } },
    { url: url(login), tls: { rejectUnauthorized: false } },
    { url: url(login, '?sslmode=no-verify') },
    { url: url(login, '?sslmode=disable'), tls: { ca } },
  ]) {
    const store = openStore(server, { ...options, schema: 'shared' });
    await put(store, ['k'], 1, 'op');
    await store.close();
  }
  for (const options of [
    { url: url(login) },
    { url: url(login), tls: true },
    { url: url(login, '?sslmode=verify-full') },
    { url: url(login), tls: { ca, servername: 'elsewhere' } },
  ])
    await expectCode(openStore(server, options).documents.get(['k']), 'STORE_UNAVAILABLE');
});

it('[G10] a password is taken from the URL or the option; a wrong or missing one is a typed error', {
  timeout: 30_000,
}, async ({ skip }) => {
  skip(missing, 'the program postgres is not installed');
  const { server, url } = await startGuarded('host');
  const inUrl = openStore(server, { url: url(`app:${password}`) });
  expect(await inUrl.documents.get(['k'])).toBeUndefined();
  const beside = openStore(server, { url: url('app'), password });
  expect(await beside.documents.get(['k'])).toBeUndefined();
  for (const store of [
    openStore(server, { url: url(`app:${password}-wrong`) }),
    openStore(server, { url: url('app') }),
  ]) {
    const error = await store.documents.get(['k']).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
  }
});
