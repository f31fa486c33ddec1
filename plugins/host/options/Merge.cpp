#include "plugins/host/options/Merge.h"

#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <utility>

namespace gnatsd::host::options {

void mergeFlags(const std::vector<GivenFlag>& flags, conf::Map& tree, Problems& problems) {
    for (const GivenFlag& flag : flags) {
        if (flag.key->flag.merge != nullptr) {
            flag.key->flag.merge(tree, flag.value, problems);
            continue;
        }
        const conf::Entry entry{std::string(flag.key->name()), flag.value, false};
        if (flag.block.empty()) {
            Reading reading{tree, problems, flag.block};
            readEntry(*flag.key, entry, reading);
            continue;
        }
        conf::Map block = mapAt(tree, flag.block);
        Reading reading{block, problems, flag.block};
        readEntry(*flag.key, entry, reading);
        put(tree, flag.block, conf::Value(std::move(block), flag.value.place()));
    }
}

}  // namespace gnatsd::host::options
