#include "kernel/Subscription.h"

#include "kernel/Bytes.h"
#include "kernel/Outbox.h"

#include <cstdlib>
#include <new>

namespace gnatsd::kernel {

Subscription::Subscription(Outbox* outbox, std::string_view subject, std::string_view queue,
                           std::string_view sid) noexcept
    : outbox_(outbox),
      subjectSize_(static_cast<std::uint32_t>(subject.size())),
      queueSize_(static_cast<std::uint32_t>(queue.size())),
      sidSize_(static_cast<std::uint32_t>(sid.size())) {
    char* to = reinterpret_cast<char*>(this + 1);
    to = putBytes(to, subject.data(), subject.size());
    to = putBytes(to, queue.data(), queue.size());
    to = putBytes(to, sid.data(), sid.size());
    *to = ' ';
}

Subscription::~Subscription() = default;

Ref<Subscription> Subscription::make(Outbox* outbox, std::string_view subject,
                                     std::string_view queue, std::string_view sid) {
    void* memory =
        std::malloc(sizeof(Subscription) + subject.size() + queue.size() + sid.size() + 1);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return Ref<Subscription>(new (memory) Subscription(outbox, subject, queue, sid));
}

void Subscription::destroy(Subscription* subscription) noexcept {
    subscription->~Subscription();
    std::free(subscription);
}

}  // namespace gnatsd::kernel
