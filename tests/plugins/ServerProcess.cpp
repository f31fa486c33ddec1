#include "tests/plugins/ServerProcess.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include <filesystem>
#include <utility>

namespace gnatsd::tests {

namespace {

const Poco::Timespan kPatience(10, 0);

/// Reads until one of the texts is there or the peer closes.
void readUntil(Poco::Net::StreamSocket& socket, std::string& received,
               const std::vector<std::string>& ends) {
    char buffer[4096];
    for (;;) {
        for (const std::string& end : ends) {
            if (received.find(end) != std::string::npos) {
                return;
            }
        }
        const int count = socket.receiveBytes(buffer, sizeof buffer);
        if (count <= 0) {
            return;
        }
        received.append(buffer, static_cast<std::size_t>(count));
    }
}

}  // namespace

ServerProcess::ServerProcess(const std::string& program, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(),
                     {"-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder_.path().string()});
    process_ = Poco::Process::launch(program, arguments);
    if (!waitFor([this] { return readPort() || !Poco::Process::isRunning(*process_); }) ||
        port_ == 0) {
        throw Poco::RuntimeException("the server does not start", program);
    }
}

ServerProcess::~ServerProcess() {
    if (process_) {
        stop();
    }
}

bool ServerProcess::readPort() {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
        const std::string text = readFile(entry.path().string());
        if (const auto colon = text.rfind(':');
            entry.path().extension() == ".ports" && colon != std::string::npos) {
            port_ = static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)));
            return true;
        }
    }
    return false;
}

std::string ServerProcess::talk(const std::string& lines) const {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port_));
    socket.setReceiveTimeout(kPatience);
    std::string received;
    readUntil(socket, received, {"\r\n"});
    socket.sendBytes(lines.data(), static_cast<int>(lines.size()));
    readUntil(socket, received, {"PONG\r\n", "-ERR"});
    if (received.find("-ERR") != std::string::npos) {
        readUntil(socket, received, {"'\r\n"});
    }
    return received;
}

int ServerProcess::stop() {
    Poco::Process::requestTermination(process_->id());
    const int status = process_->wait();
    process_.reset();
    return status;
}

}  // namespace gnatsd::tests
