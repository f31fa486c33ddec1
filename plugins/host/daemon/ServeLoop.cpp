#include "plugins/host/daemon/ServeLoop.h"

#include "plugins/host/ListenAddress.h"

#include <Poco/Exception.h>

#include <sstream>
#include <utility>

namespace gnatsd::host {

namespace {

using kernel::Level;

/// OPT-201: the reason may have several lines, one for each problem.
void logRefusal(kernel::Log& log, const std::string& reason) {
    std::istringstream lines("Failed to reload server configuration: " + reason);
    for (std::string line; std::getline(lines, line);) {
        log.write(Level::error, line);
    }
}

}  // namespace

ServeLoop::ServeLoop(Server& server, Logger& log, SignalWait& signals, Notify& notify,
                     ReadOptions readOptions)
    : server_(server),
      log_(log),
      signals_(signals),
      notify_(notify),
      readOptions_(std::move(readOptions)) {}

void ServeLoop::run(std::chrono::microseconds watchdog) {
    reactor::ReactorPool& reactors = server_.reactors();
    Watchdog dog(watchdog, notify_,
                 {reactors.size(),
                  [&reactors](std::size_t index, Watchdog::Task task) {
                      reactors.at(index).post(std::move(task));
                  }},
                 [&signals = signals_] { signals.wake(); });
    notify_.ready(status());
    if (const auto interval = dog.start(); interval.count() > 0) {
        signals_.setTick(interval);
    }
    while (true) {
        const Event event = signals_.wait(log_);
        if (event == Event::wake) {
            dog.look();
        }
        if (!handle(event)) {
            break;
        }
    }
    notify_.stopping();
}

bool ServeLoop::handle(Event event) {
    switch (event) {
        case Event::interrupt:
            return false;
        case Event::terminate:
            return lameDuck_;  // CLI-81
        case Event::reload:
            reload();
            return true;
        case Event::reopenLog:
            log_.reopen();
            return true;
        case Event::lameDuck:
            enterLameDuck();
            return true;
        case Event::wake:
            return !lameDuckOver_;
    }
    return true;
}

void ServeLoop::reload() {
    notify_.reloading();
    try {
        server_.reload(readOptions_(),
                       [this](const LogSettings& settings) { log_.reconfigure(settings); });
        log_.write(Level::info, "Reloaded server configuration");  // OPT-203
    } catch (const Poco::Exception& error) {
        logRefusal(log_, error.message());
    } catch (const std::exception& error) {
        logRefusal(log_, error.what());
    }
    notify_.ready(status());
}

// CLI-86: a second one is passed over.
void ServeLoop::enterLameDuck() {
    if (lameDuck_) {
        return;
    }
    lameDuck_ = true;
    notify_.status(status());
    server_.enterLameDuck([this] {
        lameDuckOver_ = true;
        signals_.wake();
    });
}

std::string ServeLoop::status() const {
    if (lameDuck_) {
        return "Lame duck mode: waiting for clients to leave";
    }
    std::string text = "Serving clients on";
    for (const kernel::ClientAddress& address : server_.ports()) {
        text += " " + ListenAddress{address.host, address.port}.text();
    }
    return text;
}

}  // namespace gnatsd::host
