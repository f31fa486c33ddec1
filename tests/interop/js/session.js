// The connections of one check: opened by it, closed after it, whatever its result.
'use strict';

const assert = require('node:assert/strict');
const { PATIENCE, inTime } = require('./support.js');

class Session {
  #connections = [];

  /** options: of each connection. */
  constructor(library, server, options = {}) {
    this.library = library;
    this.server = server;
    this.options = options;
  }

  async connect(options = {}) {
    const connection = await this.library.connect({
      servers: this.server.address,
      timeout: PATIENCE,
      ...this.options,
      ...options,
    });
    this.#connections.push(connection);
    return connection;
  }

  async close() {
    for (const connection of this.#connections) {
      await inTime(connection.close(), 'the connection to close');
    }
  }
}

/** The messages of a subscription one by one. */
class Reader {
  #iterator;

  constructor(subscription) {
    this.subscription = subscription;
    this.#iterator = subscription[Symbol.asyncIterator]();
  }

  /** The next message; undefined when the subscription has ended. */
  async next() {
    const { value, done } = await inTime(this.#iterator.next(), 'a message');
    return done ? undefined : value;
  }

  async expect(subject, text) {
    const message = await this.next();
    assert.ok(message, `the subscription ended before ${subject} <${text}>`);
    assert.equal(message.subject, subject, 'subject of the next message');
    assert.equal(Buffer.from(message.data).toString(), text, 'content of the next message');
    return message;
  }

  async expectEnd() {
    assert.equal(await this.next(), undefined, 'a message after the last');
  }
}

function subscribe(connection, subject, options) {
  return new Reader(connection.subscribe(subject, options));
}

module.exports = { Session, subscribe };
