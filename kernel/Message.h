// Message: one published message as views into the publisher's input.
//
// Lifetime: for the call that hands it over; nobody stores one.

#pragma once

#include "kernel/Block.h"

#include <cstddef>
#include <string_view>

namespace gnatsd::kernel {

struct Message {
    std::string_view subject;
    std::string_view reply;  // empty: none
    std::string_view sizes;  // as the publisher wrote them: "5", or "12 17" with headers (CP-43)
    std::size_t headerSize = 0;  // bytes of payload that are headers, 0: MSG
    std::string_view payload;    // headers included, final CRLF not
    /// "[reply ]sizes CRLF payload CRLF" in one piece, when the input had exactly that form.
    std::string_view tail;
    /// Set when the payload and its CRLF lie in a block: outboxes then share it.
    Block* block = nullptr;
};

}  // namespace gnatsd::kernel
