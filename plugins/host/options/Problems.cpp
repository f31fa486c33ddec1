#include "plugins/host/options/Problems.h"

#include "kernel/Text.h"

#include <memory>

namespace gnatsd::host::options {

namespace {

std::string prefix(const conf::Place& place) {
    return isFlag(place) ? "flag " + *place.file + ": " : place.text() + ": ";
}

}  // namespace

conf::Place flagPlace(std::string_view flag) {
    return {std::make_shared<const std::string>("-" + std::string(flag)), 0, 0};
}

bool isFlag(const conf::Place& place) {
    return place.line == 0 && place.file != nullptr;
}

void Problems::error(const conf::Place& place, const std::string& text) {
    errors_.push_back(prefix(place) + text);
}

void Problems::warning(const conf::Place& place, std::string_view field,
                       const std::string& reason) {
    warnings_.push_back(prefix(place) + "invalid use of field " + kernel::quote(field) + ": " +
                        reason);
}

void Problems::notice(const conf::Place& place, const std::string& text) {
    notices_.push_back(prefix(place) + text);
}

}  // namespace gnatsd::host::options
