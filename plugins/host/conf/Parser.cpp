#include "plugins/host/conf/Parser.h"

#include "plugins/host/conf/Document.h"
#include "plugins/host/conf/Session.h"

#include <filesystem>

namespace gnatsd::host::conf {

Map parseFile(const std::string& path, const Environment& environment) {
    std::string text;
    try {
        text = environment.read(path);
    } catch (const Poco::FileException& error) {
        throw ParseError(error.message(), {});
    }
    return parseText(text, path, environment);
}

Map parseText(std::string_view text, const std::string& name, const Environment& environment) {
    Session session(environment);
    session.openFiles.push_back(std::filesystem::path(name).lexically_normal().string());
    return Document(session, text, name).parse();
}

}  // namespace gnatsd::host::conf
