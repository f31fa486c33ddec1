// The broker under test, the report, a relay and waiting with a deadline.
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const PATIENCE = 10_000;
const START_DEADLINE = 20_000;
const POLL_INTERVAL = 5;
const PASSED_ON = 4 * 1024;
const RAISED_MAX_PAYLOAD = 8 * 1024 * 1024;

/** The promise's result; rejects when it takes longer than PATIENCE. */
function inTime(promise, what) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/** The server that GNATSD names, on a free port of 127.0.0.1 that it keeps over kill and start. */
class Server {
  #executable;
  #folder;
  #configuration;
  #process;
  #stop = () => this.#process?.kill('SIGKILL');
  port = 0;

  /** configuration: the text of a file for the server. */
  constructor(configuration) {
    this.#executable = process.env.GNATSD;
    if (!this.#executable) {
      throw new Error('the environment variable GNATSD must name the server to test');
    }
    this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gnatsd-interop-'));
    if (configuration) {
      this.#configuration = path.join(this.#folder, 'server.conf');
      fs.writeFileSync(this.#configuration, configuration);
    }
    process.on('exit', this.#stop);
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  async start() {
    const flags = ['-a', '127.0.0.1', '-p', this.port === 0 ? '-1' : String(this.port)];
    flags.push('--ports_file_dir', this.#folder);
    if (this.#configuration) {
      flags.push('-c', this.#configuration);
    }
    this.#process = spawn(this.#executable, flags, {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await once(this.#process, 'spawn');
    const deadline = Date.now() + START_DEADLINE;
    for (;;) {
      const port = this.#readPort();
      if (port !== 0) {
        if (this.port !== 0 && port !== this.port) {
          throw new Error('the server listens on another port than asked for');
        }
        this.port = port;
        return;
      }
      if (!this.#isRunning()) {
        throw new Error('the server ended at start');
      }
      if (Date.now() > deadline) {
        throw new Error('the server wrote no ports file in time');
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
    }
  }

  /** SIGKILL, as a crash would be; resolves when the process is gone. */
  async kill() {
    if (this.#isRunning()) {
      const gone = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await gone;
    }
    this.#process = undefined;
  }

  async close() {
    await this.kill();
    process.off('exit', this.#stop);
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  #isRunning() {
    const { pid, exitCode, signalCode } = this.#process ?? {};
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** The port in the ports file; 0 while that is absent or half written. */
  #readPort() {
    const suffix = `_${this.#process.pid}.ports`;
    const name = fs.readdirSync(this.#folder).find((file) => file.endsWith(suffix));
    if (!name) {
      return 0;
    }
    try {
      const ports = JSON.parse(fs.readFileSync(path.join(this.#folder, name), 'utf8'));
      return Number(new URL(ports.nats[0]).port);
    } catch (error) {
      if (error instanceof SyntaxError) {
        return 0;
      }
      throw error;
    }
  }
}

/**
 * Passes one connection on and raises max_payload in its INFO, so that the library sends what its
 * own check would hold back. Of what the client sends only the beginning is passed on: the server
 * has to answer the control line, without waiting for the payload.
 */
async function startRelay(serverPort) {
  const relay = net.createServer({ allowHalfOpen: true }, (client) => {
    const server = net.connect({ port: serverPort, host: '127.0.0.1', allowHalfOpen: true });
    let info = '';
    server.on('data', (chunk) => {
      if (info === null) {
        client.write(chunk);
        return;
      }
      info += chunk.toString('latin1');
      if (info.includes('\r\n')) {
        const raised = info.replace(/"max_payload":\d+/, `"max_payload":${RAISED_MAX_PAYLOAD}`);
        client.write(raised, 'latin1');
        info = null;
      }
    });
    server.on('close', () => client.end());
    server.on('end', () => client.end());
    let room = PASSED_ON;
    client.on('data', (chunk) => {
      const begin = chunk.subarray(0, room);
      room -= begin.length;
      if (begin.length > 0) {
        server.write(begin);
      }
    });
    client.on('end', () => server.end());
    for (const socket of [client, server]) {
      socket.on('error', () => {}); // 'close' follows and says all that matters here.
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return { address: `127.0.0.1:${relay.address().port}`, close: () => relay.close() };
}

/** Prints a line for each check and counts. */
class Report {
  #passed = 0;
  #failed = 0;

  async check(name, body) {
    try {
      await body();
      this.#passed += 1;
      console.log(`ok      ${name}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`FAILED  ${name}: ${error.message}`);
    }
  }

  /** Prints "N passed, N failed"; returns the exit status. */
  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}

module.exports = { PATIENCE, RAISED_MAX_PAYLOAD, Report, Server, inTime, startRelay };
