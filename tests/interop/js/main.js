// The JavaScript libraries against the server named by GNATSD. NODE_PATH names the node_modules
// that install.sh made.
'use strict';

const { Report, Server } = require('./support.js');
const { Session } = require('./session.js');
const libraries = require('./libraries.js');
const tls = require('./tls.js');

const checks = {
  ...require('./basics.js'),
  ...require('./services.js'),
  ...require('./reconnect.js'),
};

/** On a server with this configuration; options are those of the connections. */
async function runChecks(report, library, { checks, configuration, options }) {
  const server = new Server(configuration);
  try {
    try {
      await server.start();
    } catch (error) {
      await report.check(`${library.name}: the server starts`, () => {
        throw error;
      });
      return;
    }
    for (const [name, body] of Object.entries(checks)) {
      const session = new Session(library, server, options);
      await report.check(`${library.name}: ${name}`, async () => {
        try {
          await body(session);
        } finally {
          await session.close();
        }
      });
    }
  } finally {
    await server.close();
  }
}

async function main() {
  const report = new Report();
  try {
    for (const library of libraries.load()) {
      await runChecks(report, library, { checks });
      for (const suite of tls.suites()) {
        await runChecks(report, library, suite);
      }
    }
  } catch (error) {
    await report.check('libraries and certificates', () => {
      throw error;
    });
  }
  process.exit(report.finish());
}

process.exitCode = 1; // Holds when a promise is never settled and node ends for want of work.
main();
