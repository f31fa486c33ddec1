// RulesPlugin: an authenticator for tests: users without passwords, with rules from one setting.
//
// users=alice; bob pub=req.*,x pubdeny=x.y sub=_INBOX.*,foo+q subdeny=foo.secret responses=2:500
//       rate=20:5 nowildcards
// A `+` stands for the blank before a queue; responses are number:milliseconds, a rate is messages
// a second:burst. An empty list is written `pub=`.

#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>

#include <Poco/Exception.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>
#include <Poco/StringTokenizer.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd::sdk;

namespace {

using Poco::StringTokenizer;

constexpr int kTidy = StringTokenizer::TOK_TRIM | StringTokenizer::TOK_IGNORE_EMPTY;

struct User {
    std::shared_ptr<PermissionRules> rules;
    std::shared_ptr<UserLimits> limits = std::make_shared<UserLimits>();
};

std::vector<std::string> entries(const std::string& text) {
    std::vector<std::string> list;
    for (const std::string& entry : StringTokenizer(text, ",", kTidy)) {
        list.push_back(Poco::translate(entry, "+", " "));
    }
    return list;
}

/// Both of "20:5".
std::pair<int, int> numbers(const std::string& text) {
    const std::size_t colon = text.find(':');
    return {Poco::NumberParser::parse(text.substr(0, colon)),
            Poco::NumberParser::parse(text.substr(colon + 1))};
}

void set(User& user, const std::string& key, const std::string& value) {
    if (key == "nowildcards") {
        user.limits->noWildcards = true;
        return;
    }
    if (key == "rate") {
        const auto [rate, burst] = numbers(value);
        user.limits->publishRate = static_cast<unsigned>(rate);
        user.limits->publishBurst = static_cast<unsigned>(burst);
        return;
    }
    if (!user.rules) {
        user.rules = std::make_shared<PermissionRules>();
    }
    PermissionRules& rules = *user.rules;
    if (key == "pub") {
        rules.publish.allow = entries(value);
    } else if (key == "pubdeny") {
        rules.publish.deny = entries(value);
    } else if (key == "sub") {
        rules.subscribe.allow = entries(value);
    } else if (key == "subdeny") {
        rules.subscribe.deny = entries(value);
    } else if (key == "responses") {
        const auto [most, expires] = numbers(value);
        rules.responses = ResponseRule{most, std::chrono::milliseconds(expires)};
    } else {
        throw Poco::InvalidArgumentException("no such key of a user", key);
    }
}

class Rules final : public Authenticator {
public:
    explicit Rules(const std::string& text) {
        for (const std::string& line : StringTokenizer(text, ";", kTidy)) {
            const StringTokenizer words(line, " ", kTidy);
            User user;
            for (std::size_t i = 1; i < words.count(); ++i) {
                const std::size_t sign = words[i].find('=');
                set(user, words[i].substr(0, sign),
                    sign == std::string::npos ? std::string() : words[i].substr(sign + 1));
            }
            users_[words[0]] = std::move(user);
        }
    }

    AuthResult authenticate(const ConnectRequest& request) const override {
        const auto found = users_.find(std::string(request.user));
        if (found == users_.end()) {
            return AuthResult::reject("no such user");
        }
        return AuthResult::accept(found->first, found->second.rules, {}, found->second.limits);
    }
    Cost cost(const ConnectRequest&) const override { return Cost::fast; }

private:
    std::map<std::string, User> users_;
};

class RulesPlugin final : public Plugin {
public:
    void configure(const Config& config) override {
        service_ = std::make_shared<Rules>(config.getString("users"));
    }
    void start(PluginContext& context) override {
        registration_ = context.registry().provide<Authenticator>("rules", service_);
    }
    void stop() noexcept override { registration_.revoke(); }

private:
    std::shared_ptr<Rules> service_;
    Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(RulesPlugin, "rules", "1.0.0", RunLevel::auth)
