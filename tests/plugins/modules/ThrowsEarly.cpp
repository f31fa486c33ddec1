// A plug-in whose constructor throws what no one expects.

#include <gnatsd/Plugin.h>

using namespace gnatsd::sdk;

namespace {

class ThrowsEarly final : public Plugin {
public:
    ThrowsEarly() { throw "a piece of text"; }
    void configure(const Config&) override {}
    void start(PluginContext&) override {}
    void stop() override {}
};

}  // namespace

GNATSD_PLUGIN(ThrowsEarly, "throwsearly", "0.0.1", RunLevel::auth)
