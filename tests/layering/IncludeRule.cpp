// IncludeRule: reads every #include of the tree and compares it with the table of arrows.
//
// `include-rule ROOT` prints `FILE:LINE: why` for each wrong one and answers 1 if there is any.
// The table is the one of the README: which folder may look into which.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSdk = "gnatsd/";  // <gnatsd/X.h>

struct Rule {
    std::string_view folder;
    std::vector<std::string_view> may;   // our folders, beside the folder itself
    std::vector<std::string_view> poco;  // parts of Poco, "" is Foundation; empty: all of it
    bool headersWithoutPoco = false;
};

/// The first rule whose folder holds the file counts. A folder of modules has a rule for each
/// module, written `folder/*`: modules of one folder may not look into each other.
const std::vector<Rule>& rules() {
    static const std::vector<Rule> kRules{
        {"kernel", {}, {"", "JSON", "Dynamic"}, true},
        {"plugins/sdk", {kSdk}, {"", "Util"}},
        {"plugins/host", {"kernel", "transports/reactor", kSdk}, {}},
        {"plugins/plugintest", {"kernel", "plugins/host", kSdk}, {}},
        {"plugins/common", {kSdk}, {}},
        {"plugins/*", {"plugins/common", kSdk}, {}},
        {"transports/reactor", {"kernel"}, {}},
        {"transports/*", {"transports/reactor", "kernel", kSdk}, {}},
        {"auth/common", {kSdk}, {}},
        {"auth/mkpasswd", {"auth/bcrypt"}, {}},
        {"auth/*", {"auth/common", kSdk}, {}},
        {"monitor", {"kernel", kSdk}, {}},
    };
    return kRules;
}

constexpr std::string_view kRoots[] = {"kernel", "plugins", "auth", "transports", "monitor"};

/// System headers that only some files may have: whoever includes them is not portable.
constexpr std::string_view kLinuxOnly[] = {"sys/epoll.h",    "sys/eventfd.h", "sys/timerfd.h",
                                           "sys/signalfd.h", "sys/inotify.h", "linux/"};
constexpr std::string_view kLinuxFiles[] = {"transports/reactor/PollerEpoll.cpp",
                                            "transports/reactor/Wakeup.cpp"};

/// The kernel is fed with strings: it has neither sockets nor threads of its own.
constexpr std::string_view kNotInKernel[] = {"sys/socket.h", "netinet/", "arpa/",   "netdb.h",
                                             "poll.h",       "unistd.h", "fcntl.h", "thread"};

struct Include {
    std::size_t line = 0;
    bool quoted = false;
    std::string path;
};

bool isIn(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) &&
           (folder.ends_with('/') || path.size() == folder.size() || path[folder.size()] == '/');
}

/// The folder that a rule means for this file, with `*` replaced; nothing if it is another's.
std::optional<std::string> folderOf(const Rule& rule, std::string_view file) {
    if (!rule.folder.ends_with("/*")) {
        return isIn(file, rule.folder) ? std::optional(std::string(rule.folder)) : std::nullopt;
    }
    const std::string_view parent = rule.folder.substr(0, rule.folder.size() - 1);
    if (!file.starts_with(parent)) {
        return std::nullopt;
    }
    return std::string(file.substr(0, file.find('/', parent.size())));
}

std::vector<Include> includesOf(const fs::path& path) {
    std::vector<Include> includes;
    std::ifstream file(path);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        const std::size_t hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#') {
            continue;
        }
        const std::size_t word = line.find_first_not_of(" \t", hash + 1);
        if (word == std::string::npos || line.compare(word, 7, "include") != 0) {
            continue;
        }
        const std::size_t open = line.find_first_of("\"<", word);
        if (open == std::string::npos) {
            continue;
        }
        const bool quoted = line[open] == '"';
        const std::size_t close = line.find(quoted ? '"' : '>', open + 1);
        includes.push_back({number, quoted, line.substr(open + 1, close - open - 1)});
    }
    return includes;
}

bool anyPrefix(std::span<const std::string_view> list, std::string_view path) {
    return std::any_of(list.begin(), list.end(), [path](std::string_view one) {
        return one.ends_with('/') ? path.starts_with(one) : path == one;
    });
}

std::string pocoProblem(const Rule& rule, std::string_view file, std::string_view path) {
    if (rule.headersWithoutPoco && file.ends_with(".h")) {
        return "a header of " + std::string(rule.folder) + " may not include Poco";
    }
    const std::string_view rest = path.substr(5);
    const std::size_t slash = rest.find('/');
    const std::string_view part = slash == std::string_view::npos ? "" : rest.substr(0, slash);
    if (rule.poco.empty() ||
        std::find(rule.poco.begin(), rule.poco.end(), part) != rule.poco.end()) {
        return {};
    }
    return std::string(rule.folder) + " may not include Poco/" + std::string(part);
}

std::string ourProblem(const Rule& rule, const std::string& folder, std::string_view path) {
    if (isIn(path, folder)) {
        return {};
    }
    for (const std::string_view allowed : rule.may) {
        if (isIn(path, allowed)) {
            return {};
        }
    }
    return folder + " may not include " + std::string(path);
}

/// Why this include is wrong, or nothing.
std::string problemOf(const Rule& rule, const std::string& folder, std::string_view file,
                      const Include& include) {
    const std::string& path = include.path;
    if (include.quoted) {
        const bool fromRoot = std::any_of(std::begin(kRoots), std::end(kRoots),
                                          [&](std::string_view root) { return isIn(path, root); });
        if (!fromRoot || path.find("..") != std::string::npos) {
            return "\"" + path + "\" is not written from the root";
        }
        if (isIn(path, "plugins/sdk")) {
            return "the SDK is included as <gnatsd/...>";
        }
        return ourProblem(rule, folder, path);
    }
    if (path.starts_with(kSdk)) {
        return folder == "plugins/sdk" ? std::string() : ourProblem(rule, folder, path);
    }
    if (path.starts_with("Poco/")) {
        return pocoProblem(rule, file, path);
    }
    if (anyPrefix(kLinuxOnly, path) &&
        std::find(std::begin(kLinuxFiles), std::end(kLinuxFiles), file) == std::end(kLinuxFiles)) {
        return "<" + path + "> exists on Linux alone";
    }
    if (rule.folder == "kernel" && anyPrefix(kNotInKernel, path)) {
        return "the kernel has no sockets and no threads: <" + path + ">";
    }
    return {};
}

/// Prints what is wrong in one file and counts it.
int checkFile(const fs::path& root, const fs::path& path) {
    const std::string file = fs::relative(path, root).generic_string();
    for (const Rule& rule : rules()) {
        const std::optional<std::string> folder = folderOf(rule, file);
        if (!folder) {
            continue;
        }
        int problems = 0;
        for (const Include& include : includesOf(path)) {
            const std::string problem = problemOf(rule, *folder, file, include);
            if (!problem.empty()) {
                std::cout << file << ':' << include.line << ": " << problem << '\n';
                ++problems;
            }
        }
        return problems;
    }
    std::cout << file << ":1: no rule says what this folder may include\n";
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: include-rule ROOT\n";
        return 2;
    }
    const fs::path root = argv[1];
    int files = 0;
    int problems = 0;
    for (const std::string_view top : kRoots) {
        if (!fs::exists(root / top)) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string extension = entry.path().extension().string();
            if (extension == ".h" || extension == ".cpp") {
                ++files;
                problems += checkFile(root, entry.path());
            }
        }
    }
    std::cout << files << " files, " << problems << " wrong includes\n";
    return problems > 0 || files == 0 ? 1 : 0;
}
