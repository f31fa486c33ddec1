// The HTTP callout (plugins/callout) in a running server: what answers mean.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/samples/Callout.h"
#include "tests/plugins/samples/Connect.h"
#include "tests/plugins/samples/HttpService.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using Reply = HttpService::Reply;
using Question = HttpService::Question;

}  // namespace

class CalloutServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CalloutServerTest);
    CPPUNIT_TEST(theServiceDecides);
    CPPUNIT_TEST(theServiceIsToldWhoAsks);
    CPPUNIT_TEST(secretsAreNeverLogged);
    CPPUNIT_TEST(rulesAndLimitsCount);
    CPPUNIT_TEST(accountsCount);
    CPPUNIT_TEST(answersThatMakeNoSenseRefuse);
    CPPUNIT_TEST(answersAreRemembered);
    CPPUNIT_TEST(rememberedAnswersAreForgotten);
    CPPUNIT_TEST(anAnswerMayHaveAnEnd);
    CPPUNIT_TEST(withoutCacheEachIsAsked);
    CPPUNIT_TEST(aReloadAsksAnotherService);
    CPPUNIT_TEST(wrongSettingsAreRefused);
    CPPUNIT_TEST_SUITE_END();

private:
    void theServiceDecides() {
        HttpService service(byPassword);
        AuthServer server(calloutConfig(service.url()));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("ann", kCalloutPassword)));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", "wrong")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));  // nobody is asked

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, service.calls());
        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(
            log, log.find("the service answers 401: not on the list") != std::string::npos);
    }

    void theServiceIsToldWhoAsks() {
        std::mutex mutex;
        Question heard;
        HttpService service([&](const Question& question) {
            const std::scoped_lock lock(mutex);
            heard = question;
            return Reply{};
        });
        AuthServer server(calloutConfig(service.url() + "?site=a", "bearer: \"open-sesame\""));

        CPPUNIT_ASSERT_EQUAL(
            pong(), server.talk(connectWith(R"(,"user":"a\"b","pass":"p\n\u00fc","name":"me")")));

        const std::scoped_lock lock(mutex);
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), heard.method);
        CPPUNIT_ASSERT_EQUAL(std::string("/auth?site=a"), heard.path);
        CPPUNIT_ASSERT_EQUAL(std::string("Bearer open-sesame"), heard.authorization);
        CPPUNIT_ASSERT_EQUAL(std::string("a\"b"), heard.text("user"));
        CPPUNIT_ASSERT_EQUAL(std::string("p\n\xc3\xbc"), heard.text("password"));
        CPPUNIT_ASSERT_EQUAL(std::string("me"), heard.text("client_name"));
        CPPUNIT_ASSERT_EQUAL(std::string("tcp"), heard.text("transport"));
        CPPUNIT_ASSERT(heard.text("address").starts_with("127.0.0.1:"));
        CPPUNIT_ASSERT(!heard.body->has("token"));
    }

    void secretsAreNeverLogged() {
        HttpService service([](const Question& question) {
            return question.text("token").empty() ? Reply{403, "no"} : Reply{200, "no json"};
        });
        AuthServer server(calloutConfig(service.url(), "bearer: \"open-sesame\""), {"-DV"});

        server.talk(connectAs("ann", kCalloutPassword));
        server.talk(connectWithToken("Token-Secret-88"));

        const std::string log = server.stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, service.calls());
        for (const std::string secret : {kCalloutPassword, "Token-Secret-88", "open-sesame"}) {
            CPPUNIT_ASSERT_MESSAGE(log, log.find(secret) == std::string::npos);
        }
    }

    void rulesAndLimitsCount() {
        HttpService service([](const Question&) {
            return Reply{200, R"({"user": "sensor",
                "permissions": {"publish": {"allow": ["data.>"], "deny": "data.secret"},
                                "subscribe": ["cmd.*", "jobs workers"]},
                "limits": {"max_connections": 1, "no_wildcards": true}})"};
        });
        AuthServer server(calloutConfig(service.url()));

        AuthTalk talk(server, connectAs("ann", "x"));
        talk.ask(publishTo("data.1"), "");
        talk.ask(publishTo("data.secret"), noPublish("data.secret"));
        talk.ask(publishTo("other"), noPublish("other"));
        talk.ask("SUB cmd.go 1\r\n", "");
        talk.ask("SUB data.1 2\r\n", noSubscribe("data.1"));
        CPPUNIT_ASSERT(server.talk(connectAs("bob", "x")).starts_with("-ERR"));

        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("sensor") != std::string::npos);
    }

    void accountsCount() {
        HttpService service([](const Question& question) {
            return Reply{200, R"({"account": ")" + question.text("user").substr(0, 1) + "\"}"};
        });
        AuthServer server(calloutConfig(service.url()));

        AuthTalk listener(server, connectAs("a1", "x"));
        listener.ask("SUB news 1\r\n", "");
        AuthTalk other(server, connectAs("b1", "x"));
        other.ask("PUB news 5\r\nother\r\n", "");
        AuthTalk same(server, connectAs("a2", "x"));
        same.ask("PUB news 4\r\nsame\r\n", "");

        listener.ask("", "MSG news 1 4\r\nsame\r\n");
    }

    void answersThatMakeNoSenseRefuse() {
        HttpService service([](const Question& question) {
            const std::string user = question.text("user");
            if (user == "page") {
                return Reply{200, "<html>Welcome</html>"};
            }
            if (user == "list") {
                return Reply{200, "[1]"};
            }
            if (user == "empty") {
                return Reply{200, ""};
            }
            if (user == "misspelt") {
                return Reply{200, R"({"permissions": {"publish": {"denny": ["x"]}}})"};
            }
            if (user == "unknown") {
                return Reply{200, R"({"permission": {}})"};
            }
            if (user == "subject") {
                return Reply{200, R"({"permissions": {"publish": ["a..b"]}})"};
            }
            if (user == "number") {
                return Reply{200, R"({"user": 7})"};
            }
            if (user == "end") {
                return Reply{200, R"({"expires": 1767225600000})"};
            }
            if (user == "rate") {
                return Reply{200, R"({"limits": {"publish_rate": -1}})"};
            }
            if (user == "long") {
                return Reply{200, "{\"user\":\"" + std::string(70'000, 'x') + "\"}"};
            }
            return user == "moved" ? Reply{302, "{}"} : Reply{500, "{}"};
        });
        AuthServer server(calloutConfig(service.url()));

        for (const std::string user : {"page", "list", "empty", "misspelt", "unknown", "subject",
                                       "number", "end", "rate", "long", "moved", "broken"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(user, violation(),
                                         server.talk(connectAs(user, kCalloutPassword)));
        }
        CPPUNIT_ASSERT(service.calls() >= 12);
        const std::string log = server.stop();
        for (const std::string reason :
             {"no JSON object", "no part 'denny'", "no part 'permission'", "a..b",
              "user is not a text", "expires is no Unix time", "publish_rate is out of range",
              "longer than 64 KiB", "answers 302", "answers 500"}) {
            CPPUNIT_ASSERT_MESSAGE(reason + log, log.find(reason) != std::string::npos);
        }
    }

    void answersAreRemembered() {
        HttpService service(byPassword);
        AuthServer server(calloutConfig(service.url(), "cache_ttl: 1h"));

        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("ann", kCalloutPassword)));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, service.calls());
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", "wrong")));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, service.calls());
        // What is next to each other in the question must not be mixed up.
        CPPUNIT_ASSERT_EQUAL(
            violation(), server.talk(connectAs("annV", std::string(kCalloutPassword).substr(1))));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, service.calls());
    }

    void rememberedAnswersAreForgotten() {
        std::atomic<int> status{200};
        HttpService service([&](const Question&) { return Reply{status.load(), "{}"}; });
        AuthServer server(calloutConfig(service.url(), "cache_ttl: 300ms, cache_size: 2"));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("ann", "x")));
        status = 403;
        const bool isRefused =
            waitFor([&] { return server.talk(connectAs("ann", "x")) == violation(); });

        CPPUNIT_ASSERT(isRefused);
    }

    // CP-205
    void anAnswerMayHaveAnEnd() {
        const auto end = std::chrono::duration_cast<std::chrono::seconds>(
            (std::chrono::system_clock::now() + std::chrono::seconds(3)).time_since_epoch());
        HttpService service([&](const Question&) {
            return Reply{200, R"({"expires": )" + std::to_string(end.count()) + ".5}"};
        });
        AuthServer server(calloutConfig(service.url(), "cache_ttl: 1h"), {"-D"});
        AuthTalk first(server, connectAs("ann", "x"));
        AuthTalk second(server, connectAs("ann", "x"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, service.calls());

        for (AuthTalk* talk : {&first, &second}) {
            CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'User Authentication Expired'\r\n"),
                                 talk->answer(""));
        }
        CPPUNIT_ASSERT(server.waitForLog("Client connection closed: Authentication Expired", 2));
        // What was remembered is over as well; the service's answer still has the old end.
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", "x")));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, service.calls());
    }

    void withoutCacheEachIsAsked() {
        HttpService service(byPassword);
        AuthServer server(calloutConfig(service.url(), "cache_ttl: 0, connections: 1"));

        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("ann", kCalloutPassword)));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, service.calls());
        CPPUNIT_ASSERT_EQUAL(1, service.connections());  // kept open
    }

    // OPT-213
    void aReloadAsksAnotherService() {
        Gate gate;
        HttpService before([&](const Question& question) {
            if (question.text("user") == "slow") {
                gate.pass();
            }
            return Reply{};
        });
        HttpService after([](const Question& question) {
            return Reply{question.text("user") == "new" ? 200 : 403, "{}"};
        });
        AuthServer server(calloutConfig(before.url()));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));
        std::string answer;
        std::jthread slow([&] { answer = server.talk(connectAs("slow", "x")); });
        const bool isHeld = waitFor([&] { return gate.waiting() == 1; });

        server.reload(calloutConfig(after.url(), "connections: 2"));
        gate.open();
        slow.join();

        CPPUNIT_ASSERT(isHeld);
        CPPUNIT_ASSERT(!answer.empty());
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("new", "x")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", "x")));
        CPPUNIT_ASSERT(after.calls() >= 2);
    }

    void wrongSettingsAreRefused() {
        const std::vector<std::pair<std::string, std::string>> wrong{
            {"", "the setting url is missing"},
            {"url: \"ftp://a/\"", "http:// or https://"},
            {"url: \"http://bob:pw@a/\"", "bearer instead"},
            {"url: \"http:///x\"", "no host"},
            {"url: \"http://a/\", ca_file: \"x.pem\"", "https:// alone"},
            {"url: \"https://a/\", ca_file: \"/none.pem\"", "certificates"},
            {"url: \"http://a/\", timeout: 0", "timeout"},
            {"url: \"http://a/\", timeout: soon", "duration"},
            {"url: \"http://a/\", connections: 0", "from 1 to 64"},
            {"url: \"http://a/\", on_error: accept", "refuse or abstain"},
            {"url: \"http://a/\", bearer: \"a\\nb\"", "one line"}};
        for (const auto& [settings, problem] : wrong) {
            const std::string errors = AuthServer::startErrors(
                "plugins { load: [callout], callout { cache_ttl: 1s, " + settings + " } }");
            CPPUNIT_ASSERT_MESSAGE(settings + "\n" + errors,
                                   errors.find(problem) != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CalloutServerTest);

}  // namespace gnatsd::tests
