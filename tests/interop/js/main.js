// The JavaScript libraries against the server named by GNATSD. NODE_PATH names the node_modules
// that install.sh made.
'use strict';

const { Report, Server } = require('./support.js');
const { Session } = require('./session.js');
const libraries = require('./libraries.js');

const checks = {
  ...require('./basics.js'),
  ...require('./services.js'),
  ...require('./reconnect.js'),
};

async function checkLibrary(report, library) {
  const server = new Server();
  try {
    await server.start();
    for (const [name, body] of Object.entries(checks)) {
      const session = new Session(library, server);
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
      await checkLibrary(report, library);
    }
  } catch (error) {
    await report.check('libraries and server start', () => {
      throw error;
    });
  }
  process.exit(report.finish());
}

process.exitCode = 1; // Holds when a promise is never settled and node ends for want of work.
main();
