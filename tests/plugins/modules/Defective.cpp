// A module with one defect, chosen by a definition. Its manifest ends the process where the host
// must not come that far.

#include <gnatsd/Plugin.h>

#include <cstdlib>

#if !defined(DEFECT_NO_DESCRIPTOR)

#if defined(DEFECT_ABI)
#define ABI "gnatsd-sdk/0;poco/1.9.0;libstdc++/cxx11=0;32-bit"
#else
#define ABI gnatsd::sdk::abiSignature()
#endif
#if defined(DEFECT_SIZE)
#define SIZE 8
#else
#define SIZE sizeof(gnatsd::sdk::Descriptor)
#endif
#if defined(DEFECT_LEVEL)
#define LEVEL 99
#else
#define LEVEL 10
#endif

extern "C" GNATSD_PLUGIN_EXPORT const gnatsd::sdk::Descriptor* gnatsdPluginDescriptor() {
    static constexpr gnatsd::sdk::Descriptor kDescriptor = {SIZE,        LEVEL,   ABI,
                                                            DEFECT_NAME, "0.0.1", "NotThere"};
    return &kDescriptor;
}

#endif

#if defined(DEFECT_CLASS)
bool pocoBuildManifest(Poco::ManifestBase*) {
    return true;
}
#elif !defined(DEFECT_NO_MANIFEST)
bool pocoBuildManifest(Poco::ManifestBase*) {
    std::abort();
}
#endif
