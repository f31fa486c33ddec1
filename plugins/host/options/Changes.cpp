#include "plugins/host/options/Changes.h"

#include "plugins/host/PluginSpec.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gnatsd::host {

namespace {

using options::Key;
using options::Reload;

constexpr const char* kHidden = "[REDACTED]";

class Comparison {
public:
    Comparison(const Options& running, const Options& next) : running_(running), next_(next) {}

    std::vector<OptionChange> take() { return std::move(changes_); }

    void compareTop() {
        for (const auto part : options::topBlock().parts) {
            for (const Key& key : part) {
                compareKey(key);
            }
        }
        compareAuthorization();
        compareTls();
        compareListeners();
        compareCluster();
        compareWebsocket();
        comparePlugins();
    }

private:
    const conf::Value* before(std::string_view path) const {
        return options::get(running_.settings, path);
    }
    const conf::Value* after(std::string_view path) const {
        return options::get(next_.settings, path);
    }

    bool differs(std::string_view path) const {
        const conf::Value* a = before(path);
        const conf::Value* b = after(path);
        return a == nullptr || b == nullptr ? a != b : !(*a == *b);
    }

    static std::string textOf(const conf::Value* value) {
        return value == nullptr ? std::string() : options::shown(*value);
    }

    void add(std::string name, std::string was, std::string is, bool reloadable, std::string text) {
        changes_.push_back(
            {std::move(name), std::move(was), std::move(is), reloadable, std::move(text)});
    }

    void addRefused(const std::string& name, std::string_view goName, const std::string& was,
                    const std::string& is) {
        add(name, was, is, false,
            "config reload not supported for " + std::string(goName) + ": old=" + was +
                ", new=" + is);
    }

    void addReloaded(const std::string& name, const std::string& was, const std::string& is,
                     const std::string& text) {
        add(name, was, is, true, "Reloaded: " + text);
    }

    /// A change of which only the name is shown.
    void addHidden(const std::string& name, const std::string& text) {
        addReloaded(name, kHidden, kHidden, text);
    }

    void compareKey(const Key& key) {
        const bool plain = key.member.show != nullptr || !key.goName.empty();
        if (!plain || (key.name() == "port" && next_.port == -1)) {
            return;
        }
        const std::string was =
            key.member.show != nullptr ? key.member.show(running_) : textOf(before(key.name()));
        const std::string is =
            key.member.show != nullptr ? key.member.show(next_) : textOf(after(key.name()));
        const std::string name(key.name());
        if (was == is) {
            return;
        }
        const bool reloadable =
            key.reload == Reload::atOnce || (name == "no_auth_user" && is.empty());
        if (!reloadable) {
            addRefused(name, key.goName, was, is);
        } else if (name == "client_advertise") {
            add(name, was, is, true, "Reload: client_advertise = " + is);  // OPT-220
        } else {
            addReloaded(name, was, is, name + " = " + is);
        }
    }

    void compareAuthorization() {
        if (differs("authorization.user")) {
            addReloaded("authorization.user", textOf(before("authorization.user")),
                        textOf(after("authorization.user")), "authorization username");
        }
        if (differs("authorization.password")) {
            addHidden("authorization.password", "authorization password");
        }
        if (differs("authorization.token")) {
            addHidden("authorization.token", "authorization token");
        }
        if (differs("authorization.timeout")) {
            const std::string was = textOf(before("authorization.timeout"));
            const std::string is = textOf(after("authorization.timeout"));
            addReloaded("authorization.timeout", was, is,
                        "authorization timeout = " + secondsText(next_.limits.authTimeout));
        }
        if (differs("authorization.users") || differs("authorization.default_permissions")) {
            addHidden("authorization.users", "authorization users");
        }
        if (differs("accounts")) {
            addHidden("accounts", "accounts");
        }
    }

    static std::string secondsText(std::chrono::milliseconds time) {
        return options::numberText(std::chrono::duration<double>(time).count());
    }

    /// OPT-212. Files are read anew at every reload; that is no change of an option.
    void compareTls() {
        const auto contents = [](const conf::Map& tree) {
            conf::Map block = options::mapAt(tree, "tls");
            options::drop(block, "timeout");
            options::drop(block, "pinned_certs");
            return conf::Value(std::move(block), {});
        };
        const bool was = before("tls") != nullptr;
        const bool is = after("tls") != nullptr;
        if (was != is || !(contents(running_.settings) == contents(next_.settings))) {
            const auto word = [](bool on) { return on ? "enabled" : "disabled"; };
            addReloaded("tls", word(was), word(is), std::string("tls = ") + word(is));
        }
        if (differs("tls.timeout")) {
            const std::string seconds = textOf(after("tls.timeout"));
            addReloaded("tls.timeout", textOf(before("tls.timeout")), seconds,
                        "tls timeout = " + (seconds.empty() ? "2" : seconds));
        }
        if (differs("tls.pinned_certs")) {
            const auto count = [](const conf::Value* list) {
                return std::to_string(list == nullptr ? 0 : list->array()->size());
            };
            const std::string number = count(after("tls.pinned_certs"));
            addReloaded("tls.pinned_certs", count(before("tls.pinned_certs")), number,
                        number + " pinned_certs");
        }
    }

    /// Their addresses stay, their security may change.
    void compareListeners() {
        const auto places = [](const conf::Map& tree) {
            std::string text;
            for (const conf::Value& listener : options::listAt(tree, "listeners")) {
                const conf::Map& map = *listener.map();
                text += (text.empty() ? "" : ", ") + options::textAt(map, "name") + "=" +
                        options::textAt(map, "host") + ":" +
                        std::to_string(options::integerAt(map, "port"));
            }
            return text;
        };
        const std::string was = places(running_.settings);
        const std::string is = places(next_.settings);
        if (was != is) {
            addRefused("listeners", "Listeners", was, is);
        } else if (differs("listeners")) {
            addHidden("listeners", "listeners");
        }
    }

    /// OPT-214, OPT-215; a random port is no change here either.
    void compareCluster() {
        if (differs("cluster.host")) {
            addRefused("cluster.host", "cluster host", textOf(before("cluster.host")),
                       textOf(after("cluster.host")));
        }
        const std::int64_t port = options::integerAt(next_.settings, "cluster.port");
        if (differs("cluster.port") && port != -1) {
            addRefused("cluster.port", "cluster port",
                       std::to_string(options::integerAt(running_.settings, "cluster.port")),
                       std::to_string(port));
        }
        if (differs("cluster.routes")) {
            addHidden("cluster.routes", "cluster routes");
        }
        const auto rest = [](const conf::Map& tree) {
            conf::Map block = options::mapAt(tree, "cluster");
            for (const std::string_view name : {"host", "port", "routes"}) {
                options::drop(block, name);
            }
            return conf::Value(std::move(block), {});
        };
        if (!(rest(running_.settings) == rest(next_.settings))) {
            addHidden("cluster", "cluster");
        }
    }

    void compareWebsocket() {
        const auto rest = [](const conf::Map& tree) {
            conf::Map block = options::mapAt(tree, "websocket");
            options::drop(block, "tls");
            return conf::Value(std::move(block), {});
        };
        if (!(rest(running_.settings) == rest(next_.settings))) {
            addRefused("websocket", "Websocket", kHidden, kHidden);
        }
        if (differs("websocket.tls")) {
            addHidden("websocket.tls", "websocket tls");
        }
    }

    void comparePlugins() {
        const auto names = [](const Options& of) {
            std::string text;
            for (const std::string& name : of.plugins) {
                text += text.empty() ? name : " " + name;
            }
            return text;
        };
        if (names(running_) != names(next_)) {
            addRefused("plugins.load", "Plugins", names(running_), names(next_));
        }
        if (running_.pluginDir != next_.pluginDir) {
            addRefused("plugins.dir", "PluginDir", running_.pluginDir, next_.pluginDir);
        }
        for (const std::string& listed : next_.plugins) {
            const std::string name = pluginName(listed);
            const auto settings = [&](const Options& of) {
                const conf::Entry* entry =
                    options::mapAt(of.settings, "plugins.settings").find(name);
                return entry == nullptr ? conf::Value(conf::Map(), {}) : entry->value;
            };
            if (!(settings(running_) == settings(next_))) {
                addHidden("plugins." + name, "plugins." + name);
            }
        }
    }

    const Options& running_;
    const Options& next_;
    std::vector<OptionChange> changes_;
};

}  // namespace

std::vector<OptionChange> changes(const Options& running, const Options& next) {
    Comparison comparison(running, next);
    comparison.compareTop();
    return comparison.take();
}

}  // namespace gnatsd::host
