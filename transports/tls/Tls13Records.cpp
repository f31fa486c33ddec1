#include "transports/tls/Tls13Records.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gnatsd::tls {

namespace {

// Content types.
constexpr unsigned char kAlert = 21;
constexpr unsigned char kHandshake = 22;
constexpr unsigned char kData = 23;

// Alerts.
constexpr unsigned char kCloseNotify = 0;
constexpr unsigned char kUnexpectedMessage = 10;
constexpr unsigned char kBadRecordMac = 20;
constexpr unsigned char kRecordOverflow = 22;
constexpr unsigned char kDecodeError = 50;
constexpr unsigned char kInternalError = 80;
constexpr unsigned char kUserCanceled = 90;

constexpr char kKeyUpdateMessage = 24;
constexpr std::size_t kKeyUpdateSize = 5;

constexpr std::size_t kMostBody = Wire::kRecord + 256;
constexpr std::size_t kMostPlain = Wire::kRecord + 1;  // with its type

}  // namespace

std::unique_ptr<Tls13Records> Tls13Records::make(std::uint16_t suite, const Secrets& secrets,
                                                 std::uint64_t written, std::uint64_t mostRecords) {
    std::unique_ptr<Tls13Records> records(new Tls13Records(mostRecords));
    const bool isReady = records->read_.begin(suite, secrets.read, 0) &&
                         records->write_.begin(suite, secrets.write, written);
    return isReady ? std::move(records) : nullptr;
}

RecordLayer::Input Tls13Records::open(Wire& wire, Target& target) noexcept {
    while (wire.rest().size() >= TrafficKey::kHeader) {
        const std::span<const char> header = wire.rest().first(TrafficKey::kHeader);
        const std::size_t size = TrafficKey::bodySize(header);
        if (static_cast<unsigned char>(header[0]) != kData) {
            return refuse(kUnexpectedMessage, wire);
        }
        if (size > kMostBody) {
            return refuse(kRecordOverflow, wire);
        }
        if (size <= TrafficKey::kTag) {
            return refuse(kDecodeError, wire);
        }
        if (wire.rest().size() < TrafficKey::kHeader + size) {
            break;
        }
        const std::span<char> body = wire.rest().subspan(TrafficKey::kHeader, size);
        const Input input = openOne(header, body, wire, target);
        wire.taken(TrafficKey::kHeader + size);
        if (input != Input::goesOn) {
            return input;
        }
    }
    return Input::goesOn;
}

RecordLayer::Input Tls13Records::openOne(std::span<const char> header, std::span<char> body,
                                         Wire& wire, Target& target) {
    const std::size_t size = body.size() - TrafficKey::kTag;
    // Where it is to be, if it is data and lies in one piece there; else where it is.
    char* const plain = target.next().size() >= size ? target.next().data() : body.data();
    if (!read_.open(header, body, plain)) {
        return refuse(kBadRecordMac, wire);
    }
    std::size_t end = size;
    while (end > 0 && plain[end - 1] == 0) {
        --end;  // padding
    }
    if (end == 0) {
        return refuse(kUnexpectedMessage, wire);
    }
    const auto type = static_cast<unsigned char>(plain[end - 1]);
    const std::span<const char> content(plain, end - 1);
    if (end > kMostPlain || size > kMostPlain) {
        return refuse(kRecordOverflow, wire);
    }
    if (type == kData && !content.empty()) {
        idle_ = 0;
        return onData(content, target);
    }
    if (++idle_ > kMostIdle) {
        return refuse(kUnexpectedMessage, wire);
    }
    switch (type) {
        case kData:
            return Input::goesOn;
        case kAlert:
            return onAlert(content);
        case kHandshake:
            return onKeyUpdate(content, wire);
        default:
            return refuse(kUnexpectedMessage, wire);
    }
}

RecordLayer::Input Tls13Records::onData(std::span<const char> data, Target& target) noexcept {
    if (data.data() == target.next().data()) {
        target.took(data.size());
        return Input::goesOn;
    }
    while (!data.empty() && target.room() > 0) {
        const std::size_t count = std::min(data.size(), target.next().size());
        std::memcpy(target.next().data(), data.data(), count);
        target.took(count);
        data = data.subspan(count);
    }
    return data.empty() ? Input::goesOn : Input::failed;
}

RecordLayer::Input Tls13Records::onAlert(std::span<const char> alert) noexcept {
    if (alert.size() != 2) {
        return Input::failed;
    }
    switch (static_cast<unsigned char>(alert[1])) {
        case kCloseNotify:
            return Input::ended;
        case kUserCanceled:
            return Input::goesOn;
        default:
            return Input::failed;  // the peer has given up
    }
}

RecordLayer::Input Tls13Records::onKeyUpdate(std::span<const char> message, Wire& wire) noexcept {
    constexpr std::array<char, 4> kStart{kKeyUpdateMessage, 0, 0, 1};
    if (message.size() != kKeyUpdateSize ||
        !std::equal(kStart.begin(), kStart.end(), message.begin())) {
        return refuse(kUnexpectedMessage, wire);
    }
    if (message.back() != 0 && message.back() != 1) {
        return refuse(kDecodeError, wire);
    }
    if (!read_.update() || (message.back() == 1 && !updateWriteKey(wire))) {
        return refuse(kInternalError, wire);
    }
    return Input::goesOn;
}

bool Tls13Records::updateWriteKey(Wire& wire) noexcept {
    constexpr std::array<char, kKeyUpdateSize> kMessage{kKeyUpdateMessage, 0, 0, 1, 0};
    return put(kHandshake, kMessage, wire) && write_.update();
}

bool Tls13Records::seal(std::string_view bytes, Wire& wire) noexcept {
    if (write_.records() >= mostRecords_ && !updateWriteKey(wire)) {
        return false;
    }
    return put(kData, bytes, wire);
}

bool Tls13Records::put(unsigned char type, std::span<const char> bytes, Wire& wire) noexcept {
    if (wire.tail().size() < TrafficKey::kHeader + bytes.size() + 1 + TrafficKey::kTag) {
        return false;
    }
    const std::size_t size = write_.seal(type, bytes, wire.tail().data());
    wire.wrote(size);
    return size > 0;
}

RecordLayer::Input Tls13Records::refuse(unsigned char alert, Wire& wire) noexcept {
    const std::array<char, 2> message{2, static_cast<char>(alert)};
    put(kAlert, message, wire);
    return Input::failed;
}

void Tls13Records::close(Wire& wire) noexcept {
    constexpr std::array<char, 2> kMessage{1, static_cast<char>(kCloseNotify)};
    put(kAlert, kMessage, wire);
}

}  // namespace gnatsd::tls
