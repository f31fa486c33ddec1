// Daemon: `--daemon`: the server in a process of its own, without terminal, parent or standard
// streams.
//
// The calling process waits and ends with status 0 only when clients are served; until then the
// server's standard error is the caller's, so that whoever started it reads why it does not.
// The working directory stays: relative paths mean the same with and without --daemon, also when
// a reload or a reopened log reads them later (OPT-1).
//
// Threads: main.
// Requires: constructed while there is no other thread.

#pragma once

#include "plugins/host/log/LogSettings.h"

namespace gnatsd::host {

class Daemon {
public:
    /// Returns in the new process only; the calling one never returns. Descriptors above standard
    /// error are closed. Throws Poco::Exception when there is no process to be had, or when the log
    /// would go to standard error, which a daemon has not.
    explicit Daemon(const LogSettings& log);
    ~Daemon();

    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Clients are served: lets the caller end with status 0 and leaves its standard streams.
    /// False: the caller is gone, because somebody gave up waiting.
    bool ready();

    /// The server does not start: lets the caller end with that status. Nothing after ready().
    void failed(int status);

private:
    bool tell(int status);

    int caller_ = -1;  // takes one byte, the exit status
};

}  // namespace gnatsd::host
