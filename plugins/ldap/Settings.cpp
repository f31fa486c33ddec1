#include "plugins/ldap/Settings.h"

#include "plugins/common/Settings.h"
#include "plugins/ldap/Escape.h"

#include <Poco/String.h>

#include <ldap.h>

namespace gnatsd::ldap {

namespace {

using std::chrono::milliseconds;

const std::string kPlaceholder = "{user}";

std::string readTemplate(const sdk::Config& config, const std::string& key) {
    std::string text = common::readText(config, key);
    if (!text.empty() && text.find(kPlaceholder) == std::string::npos) {
        sdk::refuseSetting(config, key, key + " must hold " + kPlaceholder);
    }
    return text;
}

bool isLdapUrl(const std::string& url) {
    LDAPURLDesc* parts = nullptr;
    const bool isUrl = ::ldap_url_parse(url.c_str(), &parts) == LDAP_URL_SUCCESS;
    ::ldap_free_urldesc(parts);
    return isUrl;
}

}  // namespace

Settings::Settings(const sdk::Config& config)
    : url(common::requireText(config, "url")),
      startTls(common::readFlag(config, "start_tls")),
      caFile(common::readText(config, "ca_file")),
      timeout(common::readDuration(config, "timeout", milliseconds(1500))),
      userDn(readTemplate(config, "user_dn")),
      base(common::readText(config, "base")),
      filter(readTemplate(config, "filter")),
      bindDn(common::readText(config, "bind_dn")),
      bindPassword(common::readSecret(config, "bind_password")),
      account(common::readText(config, "account")),
      rules(config, "permissions", "user") {
    if (!isLdapUrl(url)) {
        sdk::refuseSetting(config, "url", "url is no URL such as ldaps://ldap.example.com");
    }
    if (startTls && !url.starts_with("ldap://")) {
        sdk::refuseSetting(config, "start_tls", "start_tls goes with ldap:// only");
    }
    if (timeout < milliseconds(10) || timeout > std::chrono::minutes(1)) {
        sdk::refuseSetting(config, "timeout", "timeout is a duration from 10ms to 1m");
    }
    if (userDn.empty() == filter.empty()) {
        sdk::refuseSetting(config, "user_dn", "either user_dn or filter is needed, not both");
    }
    if (!filter.empty() && base.empty()) {
        sdk::refuseSetting(config, "base", "filter needs base, where to search");
    }
    if (bindDn.empty() != bindPassword.empty()) {
        sdk::refuseSetting(config, "bind_dn", "bind_dn and bind_password go together");
    }
}

std::string Settings::dnOf(std::string_view user) const {
    return Poco::replace(userDn, kPlaceholder, escapeForDn(user));
}

std::string Settings::filterFor(std::string_view user) const {
    return Poco::replace(filter, kPlaceholder, escapeForFilter(user));
}

bool Settings::isPlain() const {
    return url.starts_with("ldap://") && !startTls;
}

}  // namespace gnatsd::ldap
