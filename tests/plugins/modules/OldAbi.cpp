// A module as the release with SDK number 1 built it, for the compiler, the libraries and the
// pointers of today: nothing but the number tells. This file includes nothing of the SDK, so it
// stays what it is when the SDK changes. None of its code may ever run.

#include <cstdint>
#include <cstdlib>

#define GNATSD_TEXT(x) #x
#define GNATSD_TEXT_OF(x) GNATSD_TEXT(x)
#define OLD_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

struct OldDescriptor {
    std::uint32_t structSize;
    std::uint32_t runLevel;
    const char* abi;
    const char* name;
    const char* version;
    const char* className;
};

constexpr OldDescriptor kDescriptor = {
    sizeof(OldDescriptor),
    10,
    "gnatsd-sdk/1;poco/" OLD_POCO
    ";libstdc++/cxx11=" GNATSD_TEXT_OF(_GLIBCXX_USE_CXX11_ABI) ";64-bit",
    "oldabi",
    "0.0.1",
    "OldPlugin"};

}  // namespace

OLD_EXPORT const void* gnatsdPluginDescriptor() {
    return &kDescriptor;
}

OLD_EXPORT bool pocoBuildManifest(void*) {
    std::abort();
}
