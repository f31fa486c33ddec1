// TLS: servers of their own, with certificates that GNATSD_TLS_FILES makes for this run.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { subscribe } = require('./session.js');
const reconnect = require('./reconnect.js');

const USERS =
  'authorization { users: [ { user: "erin@example.com", permissions: {' +
  ' publish: "open.>", subscribe: "open.>" } } ] }';

/** NAME.pem and NAME.key in a folder that goes away with this process. */
class Files {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gnatsd-tls-'));

  constructor() {
    process.on('exit', () => fs.rmSync(this.#folder, { recursive: true, force: true }));
    execFileSync(process.env.GNATSD_TLS_FILES, [this.#folder], { stdio: 'inherit' });
  }

  pem(name) {
    return path.join(this.#folder, `${name}.pem`);
  }

  key(name) {
    return path.join(this.#folder, `${name}.key`);
  }

  block(more = '') {
    const server = `cert_file: "${this.pem('server')}", key_file: "${this.key('server')}"`;
    return `tls { ${server}, ca_file: "${this.pem('ca')}" ${more} }\n`;
  }

  /** A client's options: the CA it trusts and, perhaps, its certificate. */
  client(authority = 'ca', certificate = undefined) {
    const own = certificate && { certFile: this.pem(certificate), keyFile: this.key(certificate) };
    return { caFile: this.pem(authority), ...own };
  }
}

async function manyMessagesArrive(session) {
  const count = 100_000;
  const publisher = await session.connect();
  const subscriber = await session.connect();
  const reader = subscribe(subscriber, 'tls.many');
  await subscriber.flush();

  for (let i = 0; i < count; ++i) {
    publisher.publish('tls.many', String(i));
  }

  for (let i = 0; i < count; ++i) {
    await reader.expect('tls.many', String(i));
  }
}

async function expectRefused(session, tls, why) {
  await assert.rejects(session.connect({ tls, reconnect: false }), (error) => {
    assert.match(`${error.message} ${error.cause?.message} ${error.chainedError?.message}`, why);
    return true;
  });
}

async function certificateNamesTheUser(session, files) {
  const erin = await session.connect({ tls: files.client('ca', 'client') });
  const open = subscribe(erin, 'open.>');
  const closed = subscribe(erin, 'closed.a');
  erin.publish('open.a', 'for all');

  await open.expect('open.a', 'for all');
  await assert.rejects(closed.next(), /closed\.a/);
  await expectRefused(session, files.client('ca', 'server'), /Authorization Violation/i);
}

/** What main.js runs for each library. */
function suites() {
  const files = new Files();
  return [
    {
      configuration: files.block(),
      options: { tls: files.client() },
      checks: {
        'tls: 100,000 messages arrive in order': manyMessagesArrive,
        'tls: a server of another CA is refused': (session) =>
          expectRefused(session, files.client('stranger'), /certificate/),
        ...Object.fromEntries(
          Object.entries(reconnect).map(([name, body]) => [`tls: ${name}`, body]),
        ),
      },
    },
    {
      configuration: files.block(', verify: true'),
      checks: {
        "tls: the client's certificate is checked": async (session) => {
          await expectRefused(session, files.client(), /certificate|ECONNRESET|closed/i);
          await expectRefused(session, files.client('ca', 'stranger'), /alert|ECONNRESET|closed/i);
          const client = await session.connect({ tls: files.client('ca', 'client') });
          await client.flush();
        },
      },
    },
    {
      configuration: files.block(', verify_and_map: true') + USERS,
      checks: {
        "tls: the client's certificate names the user": (session) =>
          certificateNamesTheUser(session, files),
      },
    },
    {
      configuration: files.block(', handshake_first: true'),
      options: { tls: { ...files.client(), handshakeFirst: true } },
      checks: {
        'tls: 100,000 messages arrive, handshake first': manyMessagesArrive,
      },
    },
  ];
}

module.exports = { suites };
