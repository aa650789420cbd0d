import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from './open-store.js';
import { missing, startRedis } from './start-redis.js';
import { expectCode, put } from './tools.js';

const openssl = 'openssl';
const withoutOpenssl = spawnSync(openssl, ['version']).status !== 0;

/** A certificate for localhost that nobody has signed. */
function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'loci-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  spawnSync(openssl, ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...name]);
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}

it('[G10] TLS is used where the URL or the option says so, and the certificate is checked', async ({
  skip,
}) => {
  skip(missing, 'the program redis-server is not installed');
  skip(withoutOpenssl, 'the program openssl is not installed');
  const redis = await startRedis();
  const made = makeCertificate();
  const server = createServer(made, (socket) => {
    const plain = connect(redis.port, '127.0.0.1');
    for (const end of [socket, plain]) end.on('error', () => {});
    socket.pipe(plain).pipe(socket);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const url = `rediss://localhost:${port}`;
  for (const options of [
    { url, tls: { ca: made.cert } },
    { url, tls: { rejectUnauthorized: false } },
    { url: `redis://localhost:${port}`, tls: { ca: made.cert, servername: 'localhost' } },
  ]) {
    const store = openStore(redis, options);
    await put(store, ['k'], 1, 'op');
    expect((await store.documents.get(['k']))?.value).toBe(1);
    await store.close();
  }
  await expectCode(openStore(redis, { url }).documents.get(['k']), 'STORE_UNAVAILABLE');
  const wrongName = { ca: made.cert, servername: 'elsewhere' };
  await expectCode(openStore(redis, { url, tls: wrongName }).documents.get(['k']), 'STORE_UNAVAILABLE');
});
