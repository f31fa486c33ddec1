// Request and reply, no responders, queue groups, drain, max payload.
'use strict';

const assert = require('node:assert/strict');
const { PATIENCE, RAISED_MAX_PAYLOAD, inTime, startRelay } = require('./support.js');
const { subscribe } = require('./session.js');

const MAX_PAYLOAD = 1024 * 1024;
const QUEUE_MESSAGES = 3_000;

/** Answers each request with "re:", its content, and its header Question as Answer. */
async function respond(session, connection, subject) {
  connection.subscribe(subject, {
    callback: (error, message) => {
      const headers = session.library.headers();
      headers.set('Answer', message.headers?.get('Question') ?? 'none');
      message.respond(`re:${message.string()}`, { headers });
    },
  });
  await connection.flush();
}

async function requestGetsItsReply(session) {
  const service = await session.connect();
  const asker = await session.connect();
  await respond(session, service, 'ask.once');

  const muxed = await asker.request('ask.once', 'who', { timeout: PATIENCE });
  const own = await asker.request('ask.once', 'me', { timeout: PATIENCE, noMux: true });

  assert.equal(muxed.string(), 're:who');
  assert.equal(own.string(), 're:me');
}

async function concurrentRequestsGetTheirOwnReplies(session) {
  const service = await session.connect();
  const asker = await session.connect();
  await respond(session, service, 'ask.many');

  const questions = Array.from({ length: 2_000 }, (_, i) => String(i));
  const replies = await Promise.all(
    questions.map((text) => asker.request('ask.many', text, { timeout: PATIENCE })),
  );

  assert.deepEqual(replies.map((reply) => reply.string()), questions.map((text) => `re:${text}`));
}

async function requestCarriesHeadersBothWays(session) {
  const service = await session.connect();
  const asker = await session.connect();
  await respond(session, service, 'ask.head');
  const headers = session.library.headers();
  headers.set('Question', '42');

  const reply = await asker.request('ask.head', 'content', { timeout: PATIENCE, headers });

  assert.equal(reply.string(), 're:content');
  assert.equal(reply.headers.get('Answer'), '42');
}

async function noRespondersIsToldAtOnce(session) {
  const asker = await session.connect();
  for (const noMux of [false, true]) {
    const begin = Date.now();
    await assert.rejects(
      asker.request('nobody.there', '?', { timeout: PATIENCE, noMux }),
      (error) => session.library.isNoResponders(error),
    );
    assert.ok(Date.now() - begin < PATIENCE / 2, 'the answer took as long as a time-out');
  }
}

async function noRespondersIsAStatusMessage(session) {
  const asker = await session.connect();
  const reader = subscribe(asker, 'my.inbox');

  asker.publish('nobody.there', '?', { reply: 'my.inbox' });

  const status = await reader.expect('my.inbox', '');
  assert.equal(status.headers.code, 503);
}

/** The numbers 0..QUEUE_MESSAGES-1, each once over all members, ascending at each. */
function assertOnceInTheGroup(members) {
  for (const member of members) {
    assert.ok(member.length > 0, 'a member of the group got nothing');
    assert.deepEqual(member, [...member].sort((a, b) => a - b), 'order at a member');
  }
  const all = members.flat().sort((a, b) => a - b);
  assert.deepEqual(all, Array.from({ length: QUEUE_MESSAGES }, (_, i) => i));
}

async function eachMessageReachesOneMember(session) {
  const publisher = await session.connect();
  const red = [];
  const blue = [];
  const markers = [];
  for (let i = 0; i < 4; ++i) {
    const connection = await session.connect();
    for (const [subject, queue, members] of [['queue.a', 'red', red], ['queue.*', 'blue', blue]]) {
      const got = [];
      members.push(got);
      connection.subscribe(subject, {
        queue,
        callback: (error, message) => got.push(Number(message.string())),
      });
    }
    markers.push(subscribe(connection, 'marker'));
    await connection.flush();
  }

  for (let i = 0; i < QUEUE_MESSAGES; ++i) {
    publisher.publish('queue.a', String(i));
  }
  publisher.publish('marker', 'all sent');
  for (const marker of markers) {
    await marker.expect('marker', 'all sent');
  }

  assertOnceInTheGroup(red);
  assertOnceInTheGroup(blue);
}

async function drainedSubscriptionGetsAllSentBefore(session) {
  const count = 2_000;
  const publisher = await session.connect();
  const subscriber = await session.connect();
  let received = 0;
  const subscription = subscriber.subscribe('drain.a', { callback: () => (received += 1) });
  await subscriber.flush();
  for (let i = 0; i < count; ++i) {
    publisher.publish('drain.a', 'x');
  }
  await publisher.flush();

  await inTime(subscription.drain(), 'the drain');

  assert.equal(received, count);
  publisher.publish('drain.a', 'after');
  await publisher.flush();
  await subscriber.flush();
  assert.equal(subscriber.stats().inMsgs, count, 'messages the server sent');
}

async function drainedConnectionAnswersAndCloses(session) {
  const count = 1_000;
  const publisher = await session.connect();
  const answers = subscribe(publisher, 'drain.answers');
  const subscriber = await session.connect();
  subscriber.subscribe('drain.b', {
    queue: 'group',
    callback: (error, message) => subscriber.publish('drain.answers', message.data),
  });
  await subscriber.flush();
  for (let i = 0; i < count; ++i) {
    publisher.publish('drain.b', String(i));
  }
  await publisher.flush();

  await inTime(subscriber.drain(), 'the drain');

  for (let i = 0; i < count; ++i) {
    await answers.expect('drain.answers', String(i));
  }
  assert.ok(subscriber.isClosed());
  assert.throws(() => subscriber.publish('x', 'y'));
}

async function largestPayloadArrives(session) {
  const publisher = await session.connect();
  const subscriber = await session.connect();
  assert.equal(publisher.info.max_payload, MAX_PAYLOAD);
  const reader = subscribe(subscriber, 'max.ok');
  await subscriber.flush();
  const content = Uint8Array.from({ length: MAX_PAYLOAD }, (_, i) => (i * 31) >> 3);

  publisher.publish('max.ok', content);
  publisher.publish('max.ok', 'and on');

  assert.ok(Buffer.from((await reader.next()).data).equals(content), 'the content differs');
  await reader.expect('max.ok', 'and on');
}

async function libraryHoldsBackTooLarge(session) {
  const connection = await session.connect();
  const reader = subscribe(connection, 'max.held');

  assert.throws(
    () => connection.publish('max.held', new Uint8Array(MAX_PAYLOAD + 1)),
    (error) => session.library.isTooLarge(error),
  );

  connection.publish('max.held', 'still connected');
  await reader.expect('max.held', 'still connected');
}

async function serverRefusesTooLarge(session) {
  const relay = await startRelay(session.server.port);
  try {
    const connection = await session.connect({ servers: relay.address, reconnect: false });
    assert.equal(connection.info.max_payload, RAISED_MAX_PAYLOAD, 'the relay raised nothing');
    const closed = connection.closed();

    connection.publish('max.refused', new Uint8Array(MAX_PAYLOAD + 1));

    const reason = await inTime(closed, 'the server to close the connection');
    assert.match(String(reason?.message), /Maximum Payload Violation/i);
  } finally {
    relay.close();
  }
}

module.exports = {
  'request: gets its reply': requestGetsItsReply,
  'request: 2,000 at a time get their own replies': concurrentRequestsGetTheirOwnReplies,
  'request: carries headers both ways': requestCarriesHeadersBothWays,
  'no responders: told at once': noRespondersIsToldAtOnce,
  'no responders: a status message in the inbox': noRespondersIsAStatusMessage,
  'queue: each message reaches one member of each group': eachMessageReachesOneMember,
  'drain: a subscription gets all sent before': drainedSubscriptionGetsAllSentBefore,
  'drain: a connection answers and closes': drainedConnectionAnswersAndCloses,
  'max payload: the largest arrives': largestPayloadArrives,
  'max payload: the library holds back more': libraryHoldsBackTooLarge,
  'max payload: the server refuses more and closes': serverRefusesTooLarge,
};
