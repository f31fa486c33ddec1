// Publish, subscribe, wildcards, echo, flush, auto-unsubscribe, headers.
'use strict';

const assert = require('node:assert/strict');
const { subscribe } = require('./session.js');

async function contentAndReplyArriveUnchanged(session) {
  const publisher = await session.connect();
  const subscriber = await session.connect();
  const reader = subscribe(subscriber, 'pub.content');
  await subscriber.flush();
  const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);

  publisher.publish('pub.content', 'hello');
  publisher.publish('pub.content');
  publisher.publish('pub.content', everyByte);
  publisher.publish('pub.content', '\r\nPUB pub.content 1\r\n');
  publisher.publish('pub.content', 'asks', { reply: 'the.reply' });

  await reader.expect('pub.content', 'hello');
  await reader.expect('pub.content', '');
  assert.deepEqual(Uint8Array.from((await reader.next()).data), everyByte);
  await reader.expect('pub.content', '\r\nPUB pub.content 1\r\n');
  const asks = await reader.expect('pub.content', 'asks');
  assert.equal(asks.reply, 'the.reply');
}

async function manyMessagesKeepTheirOrder(session) {
  const count = 20_000;
  const publisher = await session.connect();
  const subscriber = await session.connect();
  const reader = subscribe(subscriber, 'pub.order');
  await subscriber.flush();

  for (let i = 0; i < count; ++i) {
    publisher.publish('pub.order', String(i));
  }

  for (let i = 0; i < count; ++i) {
    await reader.expect('pub.order', String(i));
  }
}

async function expectMatches(connection, pattern, wanted) {
  const subjects = ['wild', 'wild.a', 'wild.b', 'wild.a.b', 'wild.a.b.c', 'wild.b.b', 'other.a'];
  const reader = subscribe(connection, pattern);

  for (const subject of [...subjects, 'wildcard.a.b', 'wild.a.x']) {
    connection.publish(subject, subject);
  }
  await connection.flush();
  reader.subscription.unsubscribe();

  const got = [];
  for (let message = await reader.next(); message; message = await reader.next()) {
    assert.equal(message.string(), message.subject);
    got.push(message.subject);
  }
  assert.deepEqual(got, wanted, `messages for ${pattern}`);
}

async function wildcardsMatchWholeTokens(session) {
  const connection = await session.connect();
  const all = ['wild.a', 'wild.b', 'wild.a.b', 'wild.a.b.c', 'wild.b.b', 'wild.a.x'];
  await expectMatches(connection, 'wild.a', ['wild.a']);
  await expectMatches(connection, 'wild.*', ['wild.a', 'wild.b']);
  await expectMatches(connection, 'wild.*.b', ['wild.a.b', 'wild.b.b']);
  await expectMatches(connection, 'wild.>', all);
  await expectMatches(connection, 'wild.a.>', ['wild.a.b', 'wild.a.b.c', 'wild.a.x']);
  await expectMatches(connection, '*.a.b', ['wild.a.b', 'wildcard.a.b']);
  await expectMatches(connection, '*.*.*.c', ['wild.a.b.c']);
}

async function overlappingSubscriptionsEachGetACopy(session) {
  const connection = await session.connect();
  const patterns = ['over.lap', 'over.lap', 'over.*', 'over.>'];
  const readers = patterns.map((pattern) => subscribe(connection, pattern));

  connection.publish('over.lap', 'one');
  connection.publish('over.lap', 'two');

  for (const reader of readers) {
    await reader.expect('over.lap', 'one');
    await reader.expect('over.lap', 'two');
  }
}

async function unsubscribedGetsNothing(session) {
  const connection = await session.connect();
  const gone = subscribe(connection, 'unsub.a');
  const stays = subscribe(connection, 'unsub.a');
  connection.publish('unsub.a', 'first');
  await gone.expect('unsub.a', 'first');
  await stays.expect('unsub.a', 'first');

  gone.subscription.unsubscribe();
  connection.publish('unsub.a', 'second');

  await stays.expect('unsub.a', 'second');
  await gone.expectEnd();
  await connection.flush();
  // What arrived on the wire counts here, also when the library would drop it.
  assert.equal(connection.stats().inMsgs, 3);
}

async function autoUnsubscribeEndsAfterExactlyMax(session) {
  const connection = await session.connect();
  const limited = subscribe(connection, 'auto.a', { max: 10 });
  const all = subscribe(connection, 'auto.a');

  for (let i = 0; i < 25; ++i) {
    connection.publish('auto.a', String(i));
  }

  for (let i = 0; i < 25; ++i) {
    await all.expect('auto.a', String(i));
  }
  for (let i = 0; i < 10; ++i) {
    await limited.expect('auto.a', String(i));
  }
  await limited.expectEnd();
  assert.equal(connection.stats().inMsgs, 35, 'messages the server sent');
}

async function autoUnsubscribeCountsWhatWasDelivered(session) {
  const connection = await session.connect();
  const limited = subscribe(connection, 'auto.b');
  const all = subscribe(connection, 'auto.b');
  for (let i = 0; i < 5; ++i) {
    connection.publish('auto.b', String(i));
    await limited.expect('auto.b', String(i));
  }

  limited.subscription.unsubscribe(7);
  for (let i = 5; i < 12; ++i) {
    connection.publish('auto.b', String(i));
  }

  for (let i = 0; i < 12; ++i) {
    await all.expect('auto.b', String(i));
  }
  await limited.expect('auto.b', '5');
  await limited.expect('auto.b', '6');
  await limited.expectEnd();
  assert.equal(connection.stats().inMsgs, 19, 'messages the server sent');
}

async function noEchoKeepsOwnMessagesAway(session) {
  const quiet = await session.connect({ noEcho: true });
  const other = await session.connect();
  const own = subscribe(quiet, 'echo.a');
  const foreign = subscribe(other, 'echo.a');
  await quiet.flush();
  await other.flush();

  quiet.publish('echo.a', 'from quiet');
  await foreign.expect('echo.a', 'from quiet');
  other.publish('echo.a', 'from other');

  await own.expect('echo.a', 'from other');
}

async function verboseAndPedanticWorks(session) {
  const connection = await session.connect({ verbose: true, pedantic: true });
  const reader = subscribe(connection, 'verbose.*');
  for (let i = 0; i < 100; ++i) {
    connection.publish('verbose.a', String(i));
  }
  for (let i = 0; i < 100; ++i) {
    await reader.expect('verbose.a', String(i));
  }
}

async function flushIsAnsweredAfterWhatWasSent(session) {
  const connection = await session.connect();
  connection.subscribe('flush.a', { callback: () => {} });
  for (let i = 1; i <= 100; ++i) {
    connection.publish('flush.a', 'x');
    await connection.flush();
    assert.equal(connection.stats().inMsgs, i, 'messages after the flush');
  }
  assert.ok((await connection.rtt()) >= 0);
}

async function headersArriveWithAllValues(session) {
  const publisher = await session.connect();
  const subscriber = await session.connect();
  const reader = subscribe(subscriber, 'head.a');
  await subscriber.flush();
  const headers = session.library.headers();
  headers.set('Single', 'one value');
  headers.append('Multi', 'a');
  headers.append('Multi', 'b:c');
  headers.set('Empty', '');

  for (const text of ['body', '']) {
    publisher.publish('head.a', text, { headers, reply: 'head.reply' });
    const message = await reader.expect('head.a', text);
    assert.equal(message.reply, 'head.reply');
    assert.deepEqual(message.headers.values('Single'), ['one value']);
    assert.deepEqual(message.headers.values('Multi'), ['a', 'b:c']);
    assert.deepEqual(message.headers.values('Empty'), ['']);
    assert.deepEqual([...message.headers.keys()].sort(), ['Empty', 'Multi', 'Single']);
  }
}

module.exports = {
  'publish: content and reply arrive unchanged': contentAndReplyArriveUnchanged,
  'publish: 20,000 messages keep their order': manyMessagesKeepTheirOrder,
  'wildcards: whole tokens match': wildcardsMatchWholeTokens,
  'subscribe: overlapping subscriptions each get a copy': overlappingSubscriptionsEachGetACopy,
  'unsubscribe: nothing comes after it': unsubscribedGetsNothing,
  'auto-unsubscribe: ends after exactly max': autoUnsubscribeEndsAfterExactlyMax,
  'auto-unsubscribe: counts what was delivered': autoUnsubscribeCountsWhatWasDelivered,
  'echo: off keeps own messages away': noEchoKeepsOwnMessagesAway,
  'connect: verbose and pedantic': verboseAndPedanticWorks,
  'flush: answered after what was sent': flushIsAnsweredAfterWhatWasSent,
  'headers: arrive with all values': headersArriveWithAllValues,
};
