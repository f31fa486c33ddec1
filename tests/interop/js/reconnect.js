// The broker is killed and comes back on its port.
'use strict';

const assert = require('node:assert/strict');
const { PATIENCE, inTime } = require('./support.js');
const { subscribe } = require('./session.js');

const OPTIONS = {
  reconnectTimeWait: 20,
  reconnectJitter: 1,
  reconnectJitterTLS: 1,
  maxReconnectAttempts: 1_000,
};

/** Counts the events of a connection. */
class Watch {
  #counts = new Map();
  #waiting = [];

  constructor(connection) {
    this.#follow(connection);
  }

  /** Resolves when there were so many events of the type. */
  await(type, count) {
    const reached = new Promise((resolve) => {
      this.#waiting.push({ type, count, resolve });
      this.#look();
    });
    return inTime(reached, `${count} × ${type}`);
  }

  async #follow(connection) {
    for await (const { type } of connection.status()) {
      this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
      this.#look();
    }
  }

  #look() {
    for (const { type, count, resolve } of this.#waiting) {
      if ((this.#counts.get(type) ?? 0) >= count) {
        resolve();
      }
    }
  }
}

async function expectFlow(publisher, readers, round) {
  for (let i = 0; i < 500; ++i) {
    publisher.publish('re.a', `${round} ${i}`);
  }
  for (const reader of readers) {
    for (let i = 0; i < 500; ++i) {
      await reader.expect('re.a', `${round} ${i}`);
    }
  }
}

async function subscriptionsComeBackAfterAKill(session) {
  const publisher = await session.connect(OPTIONS);
  const subscriber = await session.connect(OPTIONS);
  const watches = [new Watch(publisher), new Watch(subscriber)];
  const readers = [subscribe(subscriber, 're.a'), subscribe(subscriber, 're.>')];
  const worker = subscribe(subscriber, 'group.a', { queue: 'workers' });
  const limited = subscribe(subscriber, 'auto.a', { max: 3 });
  await subscriber.flush();
  await expectFlow(publisher, readers, 'before');
  publisher.publish('auto.a', '0');
  await limited.expect('auto.a', '0');

  for (let kills = 1; kills <= 2; ++kills) {
    await session.server.kill();
    await Promise.all(watches.map((watch) => watch.await('disconnect', kills)));
    await session.server.start();
    await Promise.all(watches.map((watch) => watch.await('reconnect', kills)));
    await subscriber.flush();

    await expectFlow(publisher, readers, `after ${kills}`);
    publisher.publish('group.a', 'job');
    await worker.expect('group.a', 'job');
  }

  for (let i = 1; i < 6; ++i) {
    publisher.publish('auto.a', String(i));
  }
  await limited.expect('auto.a', '1');
  await limited.expect('auto.a', '2');
  await limited.expectEnd();
}

async function requestsWorkAgainAfterAKill(session) {
  const asker = await session.connect(OPTIONS);
  const service = await session.connect(OPTIONS);
  const watches = [new Watch(asker), new Watch(service)];
  service.subscribe('re.ask', {
    callback: (error, message) => message.respond(`re:${message.string()}`),
  });
  await service.flush();
  const before = await asker.request('re.ask', 'before', { timeout: PATIENCE });
  assert.equal(before.string(), 're:before');

  await session.server.kill();
  await Promise.all(watches.map((watch) => watch.await('disconnect', 1)));
  await session.server.start();
  await Promise.all(watches.map((watch) => watch.await('reconnect', 1)));
  await service.flush();

  const after = await asker.request('re.ask', 'after', { timeout: PATIENCE });
  assert.equal(after.string(), 're:after');
}

module.exports = {
  'reconnect: subscriptions come back after a kill': subscriptionsComeBackAfterAKill,
  'reconnect: requests work again after a kill': requestsWorkAgainAfterAKill,
};
