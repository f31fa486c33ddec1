#include "plugins/ldap/Connection.h"

#include <algorithm>
#include <ldap.h>
#include <sys/time.h>

namespace gnatsd::ldap {

namespace {

constexpr int kMostFound = 2;

timeval leftUntil(Clock::time_point deadline) {
    const auto left =
        std::max(std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now()),
                 std::chrono::microseconds(1000));
    timeval value{};
    value.tv_sec = static_cast<decltype(value.tv_sec)>(left.count() / 1'000'000);
    value.tv_usec = static_cast<decltype(value.tv_usec)>(left.count() % 1'000'000);
    return value;
}

/// What went wrong, with what libldap adds to it, such as a certificate that is not trusted.
[[noreturn]] void fail(LDAP* handle, const std::string& what, int code) {
    std::string text = what + ": " + ::ldap_err2string(code);
    char* more = nullptr;
    if (handle != nullptr &&
        ::ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &more) == LDAP_OPT_SUCCESS &&
        more != nullptr) {
        text += text.empty() || *more == '\0' ? "" : std::string(" (") + more + ")";
        ::ldap_memfree(more);
    }
    throw Unavailable(text);
}

int addDeadline(LDAP*, Sockbuf* buffer, LDAPURLDesc*, sockaddr*, ldap_conncb* callback) {
    return addDeadlineLayer(*buffer, *static_cast<const Clock::time_point*>(callback->lc_arg))
               ? LDAP_SUCCESS
               : LDAP_LOCAL_ERROR;
}

void nothingToUndo(LDAP*, Sockbuf*, ldap_conncb*) {}

}  // namespace

void Connection::Close::operator()(::ldap* handle) const noexcept {
    ::ldap_unbind_ext(handle, nullptr, nullptr);
}

void Connection::Free::operator()(::ldapmsg* message) const noexcept {
    ::ldap_msgfree(message);
}

Connection::Connection(const Settings& settings, Clock::time_point deadline)
    : deadline_(deadline),
      callback_(
          std::make_unique<ldap_conncb>(ldap_conncb{addDeadline, nothingToUndo, &deadline_})) {
    LDAP* handle = nullptr;
    if (const int code = ::ldap_initialize(&handle, settings.url.c_str()); code != LDAP_SUCCESS) {
        fail(nullptr, "cannot use the URL", code);
    }
    handle_.reset(handle);

    const int version = LDAP_VERSION3;
    const timeval left = leftUntil(deadline);
    setOption(LDAP_OPT_PROTOCOL_VERSION, &version);
    setOption(LDAP_OPT_REFERRALS, LDAP_OPT_OFF);  // they would carry passwords to other servers
    setOption(LDAP_OPT_NETWORK_TIMEOUT, &left);
    setOption(LDAP_OPT_TIMEOUT, &left);
    setOption(LDAP_OPT_CONNECT_CB, callback_.get());
    // Whatever the system's ldap.conf says.
    const int demand = LDAP_OPT_X_TLS_DEMAND;
    setOption(LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    if (!settings.caFile.empty()) {
        setOption(LDAP_OPT_X_TLS_CACERTFILE, settings.caFile.c_str());
    }
    const int asClient = 0;
    setOption(LDAP_OPT_X_TLS_NEWCTX, &asClient);
    if (settings.startTls) {
        const int code = ::ldap_start_tls_s(handle, nullptr, nullptr);
        if (code != LDAP_SUCCESS) {
            fail(handle, "cannot start TLS", code);
        }
    }
}

Connection::~Connection() = default;

bool Connection::bind(const std::string& dn, std::string_view password,
                      Clock::time_point deadline) {
    deadline_ = deadline;
    berval secret{};
    secret.bv_len = password.size();
    secret.bv_val = const_cast<char*>(password.data());
    int id = 0;
    const int code = ::ldap_sasl_bind(handle_.get(), dn.c_str(), LDAP_SASL_SIMPLE, &secret, nullptr,
                                      nullptr, &id);
    if (code != LDAP_SUCCESS) {
        fail(handle_.get(), "cannot send a bind request", code);
    }
    const Message message = await(id);
    switch (const int result = codeOf(message.get())) {
        case LDAP_SUCCESS:
            return true;
        case LDAP_INVALID_CREDENTIALS:
        case LDAP_NO_SUCH_OBJECT:
        case LDAP_INVALID_DN_SYNTAX:
        case LDAP_INAPPROPRIATE_AUTH:
        case LDAP_INSUFFICIENT_ACCESS:
        case LDAP_CONSTRAINT_VIOLATION:  // such as a locked account
            return false;
        default:
            fail(handle_.get(), "bind", result);
    }
}

std::vector<std::string> Connection::search(const std::string& base, const std::string& filter,
                                            Clock::time_point deadline) {
    deadline_ = deadline;
    char noAttributes[] = LDAP_NO_ATTRS;
    char* attributes[] = {noAttributes, nullptr};
    timeval left = leftUntil(deadline);
    int id = 0;
    const int code =
        ::ldap_search_ext(handle_.get(), base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(),
                          attributes, 1, nullptr, nullptr, &left, kMostFound, &id);
    if (code != LDAP_SUCCESS) {
        fail(handle_.get(), "cannot send a search request", code);
    }
    const Message message = await(id);
    const int result = codeOf(message.get());
    if (result != LDAP_SUCCESS && result != LDAP_SIZELIMIT_EXCEEDED &&
        result != LDAP_NO_SUCH_OBJECT) {
        fail(handle_.get(), "search", result);
    }
    std::vector<std::string> found;
    for (LDAPMessage* entry = ::ldap_first_entry(handle_.get(), message.get()); entry != nullptr;
         entry = ::ldap_next_entry(handle_.get(), entry)) {
        char* dn = ::ldap_get_dn(handle_.get(), entry);
        if (dn == nullptr) {
            throw Unavailable("search: an entry without a name");
        }
        found.emplace_back(dn);
        ::ldap_memfree(dn);
    }
    return found;
}

void Connection::setOption(int option, const void* value) {
    if (::ldap_set_option(handle_.get(), option, value) != LDAP_OPT_SUCCESS) {
        throw Unavailable("libldap does not take option " + std::to_string(option));
    }
}

Connection::Message Connection::await(int id) {
    timeval left = leftUntil(deadline_);
    LDAPMessage* message = nullptr;
    const int kind = ::ldap_result(handle_.get(), id, LDAP_MSG_ALL, &left, &message);
    if (kind == 0) {
        throw Unavailable("no answer in time");
    }
    if (kind < 0 || message == nullptr) {
        int code = LDAP_SERVER_DOWN;
        ::ldap_get_option(handle_.get(), LDAP_OPT_RESULT_CODE, &code);
        fail(handle_.get(), "no answer", code);
    }
    return Message(message);
}

int Connection::codeOf(::ldapmsg* message) {
    int result = LDAP_OTHER;
    const int code =
        ::ldap_parse_result(handle_.get(), message, &result, nullptr, nullptr, nullptr, nullptr, 0);
    if (code != LDAP_SUCCESS) {
        fail(handle_.get(), "an answer that is none", code);
    }
    return result;
}

}  // namespace gnatsd::ldap
