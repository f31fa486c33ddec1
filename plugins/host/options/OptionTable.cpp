#include "plugins/host/options/OptionTable.h"

#include "plugins/host/options/Suggest.h"

#include <algorithm>
#include <vector>

namespace gnatsd::host::options {

namespace {

constexpr std::size_t kHelpColumn = 37;
constexpr std::size_t kNamesInHelp = 2;

/// The blocks whose rows have flags, in the order of the help.
const std::array<const Block*, 5>& flagBlocks() {
    static const std::array<const Block*, 5> kBlocks{&topBlock(), &authorizationBlock(),
                                                     &tlsBlock(), &clusterBlock(), &pluginsBlock()};
    return kBlocks;
}

template <class Visit>
void forEachFlag(const Visit& visit) {
    for (const Block* block : flagBlocks()) {
        for (const std::span<const Key> part : block->parts) {
            for (const Key& key : part) {
                if (key.flag.exists()) {
                    visit(*block, key);
                }
            }
        }
    }
}

std::string_view title(FlagGroup group) {
    switch (group) {
        case FlagGroup::server:
            return "Server Options";
        case FlagGroup::logging:
            return "Logging Options";
        case FlagGroup::authorization:
            return "Authorization Options";
        case FlagGroup::tls:
            return "TLS Options";
        case FlagGroup::cluster:
            return "Cluster Options";
        case FlagGroup::profiling:
            return "Profiling Options";
        case FlagGroup::plugins:
            return "Plug-in Options";
        case FlagGroup::common:
            return "Common Options";
        case FlagGroup::none:
            break;
    }
    return {};
}

/// `-D`, `-ms`, `-DVV`; others have two dashes.
bool isShort(std::string_view name) {
    return name.size() <= 2 ||
           std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void appendEntry(const Flag& flag, std::string& text) {
    const std::size_t start = text.size();
    text.append(isShort(flag.names[0]) ? 4 : 8, ' ');
    const std::size_t count = isShort(flag.names[0]) ? kNamesInHelp : 1;
    for (std::size_t i = 0; i < count && !flag.names[i].empty(); ++i) {
        if (i > 0) {
            text += flag.names[i - 1].size() == 1 ? ", " : ",";
        }
        text += isShort(flag.names[i]) ? "-" : "--";
        text += flag.names[i];
    }
    if (!flag.argument.empty()) {
        text += ' ';
        text += flag.argument;
    }
    const std::size_t width = text.size() - start;
    text.append(width < kHelpColumn ? kHelpColumn - width : 1, ' ');
    text += flag.help;
    text += '\n';
}

}  // namespace

const Block& topBlock() {
    static const Block kBlock{"", {serverKeys(), logKeys(), limitKeys(), blockKeys()}};
    return kBlock;
}

FlagRow findFlag(std::string_view name) {
    FlagRow row;
    forEachFlag([&](const Block& block, const Key& key) {
        const auto& names = key.flag.names;
        if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) {
            row = {&key, block.name};
        }
    });
    return row;
}

std::string_view similarFlag(std::string_view name) {
    std::vector<std::string_view> names;
    forEachFlag([&](const Block&, const Key& key) {
        names.insert(names.end(), key.flag.names.begin(), key.flag.names.end());
    });
    return closest(name, names);
}

std::string helpText() {
    std::string text = "\nUsage: gnatsd [options]\n";
    for (const FlagGroup group :
         {FlagGroup::server, FlagGroup::logging, FlagGroup::authorization, FlagGroup::tls,
          FlagGroup::cluster, FlagGroup::profiling, FlagGroup::plugins, FlagGroup::common}) {
        text += "\n" + std::string(title(group)) + ":\n";
        forEachFlag([&](const Block&, const Key& key) {
            if (key.flag.group == group) {
                appendEntry(key.flag, text);
            }
        });
    }
    return text + "\n";
}

}  // namespace gnatsd::host::options
