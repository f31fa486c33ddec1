#include "plugins/htpasswd/UserFile.h"

#include "plugins/common/CryptVerifier.h"

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace gnatsd::htpasswd {

namespace {

namespace fs = std::filesystem;

std::string_view formOf(std::string_view hash) noexcept {
    if (hash.starts_with("{SHA}")) {
        return "{SHA}, a sum without salt";
    }
    if (hash.starts_with("$apr1$") || hash.starts_with("$1$")) {
        return "an MD5 hash";
    }
    if (hash.starts_with("$2")) {
        return "no whole bcrypt hash";
    }
    return "plain text or a form that is not known";
}

void refuseIfOthersMayWrite(const std::string& path) {
    std::error_code error;
    const fs::perms perms = fs::status(path, error).permissions();
    if (!error && (perms & fs::perms::others_write) != fs::perms::none) {
        throw Poco::DataFormatException(path + ": everybody may write this file");
    }
}

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

}  // namespace

std::shared_ptr<const UserFile> UserFile::read(const std::string& path) {
    refuseIfOthersMayWrite(path);
    std::ifstream in(path, std::ios::binary);
    if (!in || fs::is_directory(path)) {
        throw Poco::OpenFileException(path + ": cannot be read");
    }
    const auto file = std::make_shared<UserFile>();
    std::size_t number = 0;
    for (std::string line; std::getline(in, line); common::wipe(line)) {
        ++number;
        try {
            file->addLine(line);
        } catch (const Poco::DataFormatException& problem) {
            common::wipe(line);
            throw Poco::DataFormatException(path + ":" + std::to_string(number) + ": " +
                                            problem.message());
        }
    }
    if (in.bad()) {
        throw Poco::ReadFileException(path + ": reading failed");
    }
    if (file->users_.empty()) {
        throw Poco::DataFormatException(path + ": there is no user in this file");
    }
    return file;
}

const common::Secret* UserFile::find(std::string_view name) const {
    const auto found = users_.find(name);
    return found == users_.end() ? nullptr : &found->second;
}

void UserFile::addLine(std::string_view line) {
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line.empty() || line.front() == '#') {
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        // Not quoted: it may be a password.
        throw Poco::DataFormatException("expected NAME:HASH");
    }
    const std::string name(line.substr(0, colon));
    const std::string_view hash = line.substr(colon + 1);
    if (!common::CryptVerifier().claims(hash)) {
        throw Poco::DataFormatException("the password of user " + quoted(name) + " is " +
                                        std::string(formOf(hash)) +
                                        "; make it again with htpasswd -B");
    }
    if (!users_.try_emplace(name, hash).second) {
        throw Poco::DataFormatException("user " + quoted(name) + " is there twice");
    }
    if (decoy_.empty()) {
        decoy_ = common::Secret(common::decoyOf(hash));
    }
}

}  // namespace gnatsd::htpasswd
