#include "plugins/host/SystemError.h"

#include <cctype>
#include <system_error>

namespace gnatsd::host {

std::string systemErrorText(int error) {
    std::string text = std::generic_category().message(error);
    if (!text.empty()) {
        text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    }
    return text;
}

}  // namespace gnatsd::host
