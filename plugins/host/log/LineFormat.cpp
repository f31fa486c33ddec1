#include "plugins/host/log/LineFormat.h"

#include "plugins/host/log/JsonFormat.h"
#include "plugins/host/log/TextFormat.h"

namespace gnatsd::host {

std::unique_ptr<LineFormat> makeLineFormat(const LogSettings& settings, bool colours) {
    if (settings.format == LogFormat::json) {
        return std::make_unique<JsonFormat>(settings.time, settings.utc);
    }
    return std::make_unique<TextFormat>(settings.time, settings.utc, colours);
}

}  // namespace gnatsd::host
