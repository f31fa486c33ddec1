#include "plugins/ldap/DeadlineLayer.h"

#include <algorithm>
#include <cerrno>
#include <lber.h>
#include <poll.h>

namespace gnatsd::ldap {

namespace {

constexpr int kLevel = (LBER_SBIOD_LEVEL_PROVIDER + LBER_SBIOD_LEVEL_TRANSPORT) / 2;

int setUp(Sockbuf_IO_Desc* layer, void* deadline) {
    layer->sbiod_pvt = deadline;
    return 0;
}

int remove(Sockbuf_IO_Desc*) {
    return 0;
}

int control(Sockbuf_IO_Desc* layer, int option, void* argument) {
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

/// False, with errno, when the deadline comes first.
bool await(Sockbuf_IO_Desc* layer, short events) {
    ber_socket_t socket = -1;
    if (::ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &socket) != 1) {
        errno = ENOTCONN;
        return false;
    }
    const auto& deadline = *static_cast<const Clock::time_point*>(layer->sbiod_pvt);
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd one{socket, events, 0};
        const int count = ::poll(&one, 1, static_cast<int>(std::max<decltype(left)>(left, 0)));
        if (count > 0) {
            return true;
        }
        if (count == 0) {
            errno = ETIMEDOUT;
            return false;
        }
        if (errno != EINTR) {
            return false;
        }
    }
}

ber_slen_t read(Sockbuf_IO_Desc* layer, void* bytes, ber_len_t size) {
    return await(layer, POLLIN) ? LBER_SBIOD_READ_NEXT(layer, bytes, size) : -1;
}

ber_slen_t write(Sockbuf_IO_Desc* layer, void* bytes, ber_len_t size) {
    return await(layer, POLLOUT) ? LBER_SBIOD_WRITE_NEXT(layer, bytes, size) : -1;
}

int close(Sockbuf_IO_Desc*) {
    return 0;
}

}  // namespace

bool addDeadlineLayer(::sockbuf& buffer, const Clock::time_point& deadline) noexcept {
    static Sockbuf_IO layer{setUp, remove, control, read, write, close};
    return ::ber_sockbuf_add_io(&buffer, &layer, kLevel,
                                const_cast<Clock::time_point*>(&deadline)) == 0;
}

}  // namespace gnatsd::ldap
