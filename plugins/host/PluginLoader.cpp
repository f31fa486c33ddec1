#include "plugins/host/PluginLoader.h"

#include "plugins/host/Barrier.h"
#include "plugins/host/HostError.h"
#include "plugins/host/StandardPlugins.h"

#include <Poco/Exception.h>
#include <Poco/SharedLibrary.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace gnatsd::host {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModule = "a plug-in module (GNATSD_PLUGIN, built for ";

std::string wantedModule() {
    return ", wanted " + std::string(kModule) + sdk::abiSignature() + ")";
}

std::string octalMode(fs::perms mode) {
    const auto bits = static_cast<unsigned>(mode & fs::perms::mask);
    std::string text = "0";
    for (int shift = 6; shift >= 0; shift -= 3) {
        text += static_cast<char>('0' + ((bits >> shift) & 7U));
    }
    return text;
}

bool isRunLevel(std::uint32_t level) {
    using sdk::RunLevel;
    for (const RunLevel known :
         {RunLevel::auth, RunLevel::monitor, RunLevel::routes, RunLevel::clients}) {
        if (static_cast<std::uint32_t>(known) == level) {
            return true;
        }
    }
    return false;
}

/// A system's answer without the file name that our own line has already.
std::string withoutPath(std::string text, const std::string& path) {
    if (const auto at = text.find(path + ": "); at != std::string::npos) {
        text.erase(at, path.size() + 2);
    }
    return oneLine(text);
}

}  // namespace

std::string PluginLoader::Findings::line() const {
    return "Plug-in " + name + ": " + file + ": " + problem;
}

PluginLoader::PluginLoader(const PluginSpec& spec) {
    findings_.name = spec.name;
    if (spec.path.empty()) {
        findings_.file = "built in";
        takeBuiltin();
        return;
    }
    std::error_code ignored;
    const fs::path absolute = fs::absolute(spec.path, ignored);
    findings_.file = ignored ? spec.path : absolute.lexically_normal().string();
    if (checkFile() && openLibrary()) {
        checkDescriptor();
    }
}

void PluginLoader::takeBuiltin() {
    builtin_ = findBuiltin(findings_.name);
    if (builtin_ == nullptr) {
        findings_.isMissing = true;
        findings_.problem = "found no such plug-in in this program, wanted " + findings_.name;
        return;
    }
    descriptor_ = builtin_->descriptor;
    checkDescriptor();
}

bool PluginLoader::checkFile() {
    std::error_code failed;
    const fs::file_status status = fs::status(findings_.file, failed);
    if (!fs::exists(status)) {
        findings_.isMissing = true;
        findings_.problem = "found no such file" +
                            (failed && failed != std::errc::no_such_file_or_directory
                                 ? " (" + failed.message() + ")"
                                 : std::string()) +
                            wantedModule();
    } else if (!fs::is_regular_file(status)) {
        findings_.problem = fs::is_directory(status) ? "found a folder" : "found no regular file";
        findings_.problem += wantedModule();
    } else if ((status.permissions() & fs::perms::others_write) != fs::perms::none) {
        findings_.problem = "found mode " + octalMode(status.permissions()) +
                            ", wanted a file that others may not write";
    }
    return findings_.problem.empty();
}

bool PluginLoader::openLibrary() {
    try {
        Poco::SharedLibrary library(findings_.file, Poco::SharedLibrary::SHLIB_LOCAL);
        if (!library.hasSymbol(sdk::kDescriptorSymbol)) {
            findings_.problem =
                std::string("found a library without ") + sdk::kDescriptorSymbol + wantedModule();
            return false;
        }
        // The object may go, the library stays: Poco unloads only when asked to.
        descriptor_ =
            reinterpret_cast<sdk::DescriptorFunction>(library.getSymbol(sdk::kDescriptorSymbol))();
        if (library.hasSymbol("pocoBuildManifest")) {
            buildManifest_ =
                reinterpret_cast<BuildManifest>(library.getSymbol("pocoBuildManifest"));
        }
    } catch (const Poco::Exception& error) {
        findings_.problem = "found no loadable library (" +
                            withoutPath(error.message(), findings_.file) + ")" + wantedModule();
        return false;
    }
    return true;
}

bool PluginLoader::checkDescriptor() {
    if (descriptor_ == nullptr || descriptor_->structSize < sizeof(sdk::Descriptor) ||
        descriptor_->abi == nullptr || descriptor_->name == nullptr ||
        descriptor_->version == nullptr || descriptor_->className == nullptr) {
        findings_.problem = "found a descriptor of another form" + wantedModule();
        return false;
    }
    findings_.abi = oneLine(descriptor_->abi);
    findings_.version = oneLine(descriptor_->version);
    if (findings_.abi != sdk::abiSignature()) {
        findings_.problem =
            "found ABI " + findings_.abi + ", wanted ABI " + std::string(sdk::abiSignature());
    } else if (descriptor_->name != findings_.name) {
        findings_.problem = "found plug-in '" + oneLine(descriptor_->name) + "' in it, wanted '" +
                            findings_.name + "'";
    } else if (!isRunLevel(descriptor_->runLevel)) {
        findings_.problem = "found run level " + std::to_string(descriptor_->runLevel) +
                            ", wanted auth, monitor, routes or clients";
    } else if (builtin_ == nullptr && buildManifest_ == nullptr) {
        findings_.problem = "found a library without pocoBuildManifest" + wantedModule();
    } else {
        findings_.runLevel = static_cast<sdk::RunLevel>(descriptor_->runLevel);
    }
    return findings_.problem.empty();
}

std::unique_ptr<sdk::Plugin> PluginLoader::create() const {
    if (builtin_ != nullptr) {
        return builtin_->create();
    }
    Poco::Manifest<sdk::Plugin> manifest;
    if (buildManifest_(&manifest)) {
        if (const auto found = manifest.find(descriptor_->className); found != manifest.end()) {
            return std::unique_ptr<sdk::Plugin>((*found)->create());
        }
    }
    throw HostError("found a library that does not make class " + oneLine(descriptor_->className) +
                    wantedModule());
}

}  // namespace gnatsd::host
