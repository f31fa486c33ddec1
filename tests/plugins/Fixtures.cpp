#include "tests/plugins/Fixtures.h"

#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <Poco/StreamCopier.h>
#include <Poco/TemporaryFile.h>
#include <Poco/Util/MapConfiguration.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

namespace gnatsd::tests {

void RecordingLog::write(kernel::Level level, std::string_view text) noexcept {
    static constexpr std::string_view kLetters = "FEWIDT";
    const kernel::MutexLock lock(mutex_);
    lines_.push_back(std::string(1, kLetters[static_cast<std::size_t>(level)]) + " " +
                     std::string(text));
}

std::vector<std::string> RecordingLog::lines() const {
    const kernel::MutexLock lock(mutex_);
    return lines_;
}

bool RecordingLog::has(std::string_view part) const {
    const auto all = lines();
    return std::any_of(all.begin(), all.end(), [&](const std::string& line) {
        return line.find(part) != std::string::npos;
    });
}

TempFolder::TempFolder() : path_(Poco::TemporaryFile::tempName()) {
    std::filesystem::create_directories(path_);
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

bool waitFor(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

std::string readFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void writeFile(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

Outcome run(const std::string& program, const std::vector<std::string>& arguments) {
    Poco::Pipe out;
    const Poco::ProcessHandle process =
        Poco::Process::launch(program, arguments, nullptr, &out, &out);
    Outcome outcome;
    Poco::PipeInputStream stream(out);
    Poco::StreamCopier::copyToString(stream, outcome.output);
    outcome.status = process.wait();
    return outcome;
}

std::string testModule(const std::string& name) {
    return (std::filesystem::path(GNATSD_TEST_MODULES) / host::moduleFileName(name)).string();
}

host::PluginSpec specOf(const std::string& name, const std::string& path,
                        const std::vector<std::string>& settings) {
    host::PluginSpec spec;
    spec.name = name;
    spec.path = path;
    spec.config = new Poco::Util::MapConfiguration;
    for (std::size_t i = 0; i + 1 < settings.size(); i += 2) {
        spec.config->setString(settings[i], settings[i + 1]);
    }
    return spec;
}

}  // namespace gnatsd::tests
