// Json: writes JSON objects and arrays, member by member.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::bench {

class JsonObject {
public:
    JsonObject& add(std::string_view name, std::string_view value);
    JsonObject& add(std::string_view name, const char* value) {
        return add(name, std::string_view(value));
    }
    JsonObject& add(std::string_view name, double value);
    JsonObject& add(std::string_view name, std::uint64_t value);
    JsonObject& add(std::string_view name, bool value);
    /// `json` goes in as it is.
    JsonObject& addRaw(std::string_view name, std::string_view json);

    std::string text() const { return "{" + members_ + "}"; }

private:
    std::string members_;
};

std::string jsonArray(const std::vector<std::string>& elements);
std::string jsonString(std::string_view text);

}  // namespace gnatsd::bench
