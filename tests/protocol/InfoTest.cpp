// Section 2: what the server says first.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <cppunit/extensions/HelperMacros.h>

#include <regex>
#include <string>

namespace gnatsd::tests {

class InfoTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InfoTest);
    CPPUNIT_TEST(serverSpeaksFirstWithOneLineAndABlankAtItsEnd);
    CPPUNIT_TEST(fieldsThatClientsUseAreThere);
    CPPUNIT_TEST(fieldsWithoutAValueAreLeftOut);
    CPPUNIT_TEST(serverNameIsTheConfiguredOne);
    CPPUNIT_TEST(connectionsAreCountedAndTheirAddressTold);
    CPPUNIT_TEST(limitOfPayloadsIsTold);
    CPPUNIT_TEST(portIsTheRealOne);
    CPPUNIT_TEST(authIsAnnouncedWhenRequired);
    CPPUNIT_TEST_SUITE_END();

    static Poco::JSON::Object::Ptr infoOf(const TestClient& client) {
        Poco::JSON::Parser parser;
        return parser.parse(client.info().substr(5)).extract<Poco::JSON::Object::Ptr>();
    }

    // CP-20, CP-26, CP-250
    void serverSpeaksFirstWithOneLineAndABlankAtItsEnd() {
        TestServer server;
        TestClient client(server.port(), {});

        client.expectLine(R"(INFO \{[^\r\n]*\} )");
        client.expectNothing();
    }

    // CP-22, CP-23, CP-24
    void fieldsThatClientsUseAreThere() {
        TestServer server;
        const TestClient client(server);

        const Poco::JSON::Object::Ptr info = infoOf(client);

        CPPUNIT_ASSERT(std::regex_match(info->getValue<std::string>("server_id"),
                                        std::regex("N[A-Z2-7]{55}")));
        CPPUNIT_ASSERT_EQUAL(info->getValue<std::string>("server_id"),
                             info->getValue<std::string>("server_name"));
        CPPUNIT_ASSERT_EQUAL(std::string("2.9.10"), info->getValue<std::string>("version"));
        CPPUNIT_ASSERT_EQUAL(1, info->getValue<int>("proto"));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), info->getValue<std::string>("host"));
        CPPUNIT_ASSERT(info->getValue<bool>("headers"));
        CPPUNIT_ASSERT_EQUAL(1048576, info->getValue<int>("max_payload"));
        for (const char* key : {"auth_required", "ssl_required", "tls_required", "tls_verify"}) {
            CPPUNIT_ASSERT_MESSAGE(key, info->has(key));
            CPPUNIT_ASSERT_MESSAGE(key, !info->getValue<bool>(key));
        }
    }

    // CP-23
    void fieldsWithoutAValueAreLeftOut() {
        TestServer server;
        const TestClient client(server);

        const Poco::JSON::Object::Ptr info = infoOf(client);

        for (const char* key : {"cluster", "nonce", "connect_urls", "ldm", "jetstream"}) {
            CPPUNIT_ASSERT_MESSAGE(key, !info->has(key));
        }
    }

    // CP-22
    void serverNameIsTheConfiguredOne() {
        ServerSetup setup;
        setup.serverName = "north \"1\"";
        TestServer server(setup);
        const TestClient client(server);

        CPPUNIT_ASSERT_EQUAL(std::string("north \"1\""),
                             infoOf(client)->getValue<std::string>("server_name"));
    }

    // CP-22, CP-241
    void connectionsAreCountedAndTheirAddressTold() {
        TestServer server;
        const TestClient first(server);
        const TestClient second(server);

        CPPUNIT_ASSERT_EQUAL(1, infoOf(first)->getValue<int>("client_id"));
        CPPUNIT_ASSERT_EQUAL(2, infoOf(second)->getValue<int>("client_id"));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"),
                             infoOf(first)->getValue<std::string>("client_ip"));
    }

    // CP-22, CP-254
    void limitOfPayloadsIsTold() {
        TestServer server(limited([](kernel::Limits& limits) { limits.maxPayload = 77; }));
        const TestClient client(server);

        CPPUNIT_ASSERT_EQUAL(77, infoOf(client)->getValue<int>("max_payload"));
    }

    // CP-22
    void portIsTheRealOne() {
        TestServer server;
        const TestClient client(server);

        CPPUNIT_ASSERT_EQUAL(int{server.port()}, infoOf(client)->getValue<int>("port"));
    }

    // CP-22
    void authIsAnnouncedWhenRequired() {
        ServerSetup setup;
        setup.onlyUser = "ivan";
        TestServer server(setup);
        const TestClient client(server);

        CPPUNIT_ASSERT(infoOf(client)->getValue<bool>("auth_required"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InfoTest);

}  // namespace gnatsd::tests
