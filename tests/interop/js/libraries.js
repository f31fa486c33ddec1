// The client libraries under test, and the few places where their interfaces differ.
'use strict';

/**
 * connect, headers: as in the library.
 * isNoResponders, isTooLarge: whether an error says so.
 */
function load() {
  const nats = require('nats');
  const transport = require('@nats-io/transport-node');
  return [
    {
      name: 'nats 2',
      connect: nats.connect,
      headers: nats.headers,
      isNoResponders: (error) => error.code === nats.ErrorCode.NoResponders,
      isTooLarge: (error) => error.code === nats.ErrorCode.MaxPayloadExceeded,
    },
    {
      name: 'transport-node 3',
      connect: transport.connect,
      headers: transport.headers,
      isNoResponders: (error) =>
        error instanceof transport.errors.NoRespondersError ||
        (error instanceof transport.errors.RequestError && error.isNoResponders()),
      isTooLarge: (error) =>
        error instanceof transport.errors.InvalidArgumentError && /max_payload/.test(error.message),
    },
  ];
}

module.exports = { load };
