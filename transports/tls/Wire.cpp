#include "transports/tls/Wire.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace gnatsd::tls {

Wire& Wire::ofThread() {
    static thread_local const std::unique_ptr<Wire> wire(new Wire);
    return *wire;
}

Wire& Wire::here() {
    Wire& wire = ofThread();
    wire.rest_ = {};
    wire.written_ = 0;
    return wire;
}

void Wire::put(std::string_view bytes) noexcept {
    std::memcpy(input_.data(), bytes.data(), bytes.size());
    rest_ = {input_.data(), bytes.size()};
}

BIO* Wire::makeBio() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "gnatsd wire");
        BIO_meth_set_read_ex(made, onRead);
        BIO_meth_set_write_ex(made, onWrite);
        BIO_meth_set_ctrl(made, onControl);
        BIO_meth_set_create(made, onCreate);
        return made;
    }();
    return BIO_new(method);
}

int Wire::onCreate(BIO* bio) {
    BIO_set_init(bio, 1);
    return 1;
}

int Wire::onRead(BIO* bio, char* data, std::size_t size, std::size_t* done) {
    Wire& wire = ofThread();
    BIO_clear_retry_flags(bio);
    *done = std::min(size, wire.rest_.size());
    if (*done == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    std::memcpy(data, wire.rest_.data(), *done);
    wire.taken(*done);
    return 1;
}

int Wire::onWrite(BIO* bio, const char* data, std::size_t size, std::size_t* done) {
    Wire& wire = ofThread();
    BIO_clear_retry_flags(bio);
    *done = std::min(size, wire.tail().size());
    if (*done == 0) {
        BIO_set_retry_write(bio);
        return 0;
    }
    std::memcpy(wire.tail().data(), data, *done);
    wire.wrote(*done);
    return 1;
}

long Wire::onControl(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace gnatsd::tls
