// The rows of `listeners`: more ports for clients, each plain or with a `tls` block of its own.

#include "plugins/host/options/ListenerKeys.h"

#include "kernel/Text.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <set>
#include <utility>

namespace gnatsd::host::options {

namespace {

using kernel::quote;

constexpr Range kPorts{-1, 65535};

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"name"}},
    {.names = {"listen"}, .kind = Kind::address, .range = kPorts, .parts = {"host", "port"}},
    {.names = {"host", "net"}},
    {.names = {"port"}, .kind = Kind::integer, .range = kPorts},
    {.names = {"tls"}, .kind = Kind::block, .block = tlsBlock, .needs = "tls"},
    {.names = {"allow_non_tls"}, .kind = Kind::boolean, .needs = "tls"},
};
// clang-format on

constexpr Block kBlock{"listeners", {kKeys}};

void checkListener(const conf::Map& listener, const conf::Place& place,
                   std::set<std::string>& names, Problems& problems) {
    const std::string name = textAt(listener, "name");
    if (name.empty()) {
        problems.error(place, "a listener needs a \"name\"");
    } else if (!names.insert(name).second) {
        problems.error(place, "two listeners have the name " + quote(name));
    }
    if (listener.find("port") == nullptr) {
        problems.error(place, "a listener needs a port: \"listen\" or \"port\"");
    }
    if (isOn(listener, "allow_non_tls") && listener.find("tls") == nullptr) {
        problems.error(place, "\"allow_non_tls\" needs a \"tls\" block in the same listener");
    }
}

}  // namespace

void readListeners(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Array* items = entry.value.array();
    if (items == nullptr) {
        return wrongType(entry, "a list of maps", reading);
    }
    if (items->empty()) {
        return reading.problems.error(entry.value.place(), quote(entry.key) + " must not be empty");
    }
    conf::Array listeners;
    std::set<std::string> names;
    for (const conf::Value& item : *items) {
        if (item.map() == nullptr) {
            reading.problems.error(
                item.place(), "expected a map in " + quote(entry.key) + ", got " + item.typeName());
            continue;
        }
        conf::Map listener;
        Reading inner{listener, reading.problems, "listeners"};
        readBlock(kBlock, *item.map(), inner);
        checkListener(listener, item.place(), names, reading.problems);
        listeners.emplace_back(std::move(listener), item.place());
    }
    put(reading.out, key.name(), conf::Value(std::move(listeners), entry.value.place()));
}

const Block& listenerBlock() {
    return kBlock;
}

}  // namespace gnatsd::host::options
