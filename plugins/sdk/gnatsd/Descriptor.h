// Descriptor: what a module says about itself, as constant data that is read before any of its
// C++ runs. The ABI signature is one readable string, compared for equality.
//
// Threads: constant data.
// Lifetime: that of the library, which is never unloaded.

#pragma once

#include <Poco/Version.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Moves whenever a header in this folder changes its meaning.
#define GNATSD_SDK_NUMBER 2

#if defined(_WIN32)
#define GNATSD_PLUGIN_EXPORT __declspec(dllexport)
#else
#define GNATSD_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

namespace gnatsd::sdk {

/// Start order; stopping goes the other way. Clients come last and leave first.
enum class RunLevel : std::uint32_t { auth = 10, monitor = 20, routes = 30, clients = 40 };

struct Descriptor {
    std::uint32_t structSize;
    std::uint32_t runLevel;
    const char* abi;
    const char* name;
    const char* version;
    const char* className;
};

/// The one C function that a module exports under kDescriptorSymbol.
using DescriptorFunction = const Descriptor* (*)();
constexpr const char* kDescriptorSymbol = "gnatsdPluginDescriptor";

namespace detail {

struct AbiText {
    char chars[96] = {};
    std::size_t length = 0;

    constexpr void add(std::string_view text) {
        for (const char c : text) {
            chars[length++] = c;
        }
    }
    constexpr void add(std::uint32_t number) {
        if (number >= 10) {
            add(number / 10);
        }
        chars[length++] = static_cast<char>('0' + number % 10);
    }
};

constexpr AbiText makeAbiText() {
    AbiText text;
    text.add("gnatsd-sdk/");
    text.add(std::uint32_t{GNATSD_SDK_NUMBER});
    // Poco changes its soname with every patch release, so all three numbers count.
    constexpr std::uint32_t kPoco = POCO_VERSION;
    text.add(";poco/");
    text.add(kPoco >> 24);
    text.add(".");
    text.add((kPoco >> 16) & 0xffU);
    text.add(".");
    text.add((kPoco >> 8) & 0xffU);
#if defined(_LIBCPP_VERSION)
    text.add(";libc++/abi=");
    text.add(std::uint32_t{_LIBCPP_ABI_VERSION});
#elif defined(__GLIBCXX__)
    text.add(";libstdc++/cxx11=");
    text.add(std::uint32_t{_GLIBCXX_USE_CXX11_ABI});
#if defined(_GLIBCXX_DEBUG)
    text.add(",debug");
#endif
#elif defined(_MSC_VER)
    text.add(";msvc/iterators=");
    text.add(std::uint32_t{_ITERATOR_DEBUG_LEVEL});
#else
    text.add(";unknown");
#endif
    text.add(";");
    text.add(static_cast<std::uint32_t>(sizeof(void*) * 8));
    text.add("-bit");
    return text;
}

// Not inline: each library must read its own copy, whatever the visibility it was built with.
constexpr AbiText kAbiText = makeAbiText();

}  // namespace detail

/// `gnatsd-sdk/<number>;poco/<version>;<standard library and its flag>;<pointer size>`
constexpr const char* abiSignature() {
    return detail::kAbiText.chars;
}

}  // namespace gnatsd::sdk
