#include "plugins/host/auth/FailureTable.h"
#include "tests/plugins/AuthFixture.h"

#include <string>
#include <vector>

namespace gnatsd::tests {

using host::auth::FailureTable;
using std::chrono::milliseconds;

class FailureTableTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(FailureTableTest);
    CPPUNIT_TEST(aFewFailuresCostNothing);
    CPPUNIT_TEST(theDelayDoublesUpToALimit);
    CPPUNIT_TEST(failuresAreForgotten);
    CPPUNIT_TEST(onlySoManyWait);
    CPPUNIT_TEST(theTableIsBounded);
    CPPUNIT_TEST(repeatedFailuresFromOneAddressAreSlowed);
    CPPUNIT_TEST(oneNetworkOfIpv6IsOneAddress);
    CPPUNIT_TEST_SUITE_END();

    void fail(const std::string& source, unsigned times) {
        for (unsigned i = 0; i < times; ++i) {
            table_.failed(source, now_);
        }
    }
    milliseconds delay(const std::string& source) {
        const auto delay = table_.enter(source, now_);
        CPPUNIT_ASSERT(delay.has_value());
        if (delay->count() > 0) {
            table_.leave(source);
        }
        return *delay;
    }

    void aFewFailuresCostNothing() {
        fail("a", FailureTable::kFree);

        CPPUNIT_ASSERT(delay("a") == milliseconds(0));
    }

    void theDelayDoublesUpToALimit() {
        fail("a", FailureTable::kFree + 1);
        CPPUNIT_ASSERT(delay("a") == FailureTable::kFirstDelay);
        fail("a", 1);
        CPPUNIT_ASSERT(delay("a") == 2 * FailureTable::kFirstDelay);
        fail("a", 100);
        CPPUNIT_ASSERT(delay("a") == FailureTable::kLongestDelay);
        CPPUNIT_ASSERT(delay("b") == milliseconds(0));
    }

    void failuresAreForgotten() {
        fail("a", FailureTable::kFree + 2);
        now_ += FailureTable::kForgetOne;
        CPPUNIT_ASSERT(delay("a") == FailureTable::kFirstDelay);
        now_ += FailureTable::kForgetOne;
        CPPUNIT_ASSERT(delay("a") == milliseconds(0));

        fail("a", 1'000'000);
        now_ += 30 * FailureTable::kForgetOne;
        CPPUNIT_ASSERT_MESSAGE("however many there were", delay("a") == milliseconds(0));
    }

    void onlySoManyWait() {
        fail("a", FailureTable::kFree + 1);
        for (std::size_t i = 0; i < FailureTable::kWaiting; ++i) {
            CPPUNIT_ASSERT(table_.enter("a", now_).has_value());
        }
        CPPUNIT_ASSERT(!table_.enter("a", now_).has_value());
        table_.leave("a");
        CPPUNIT_ASSERT(table_.enter("a", now_).has_value());
    }

    void theTableIsBounded() {
        for (std::size_t i = 0; i < FailureTable::kMostAddresses + 100; ++i) {
            table_.failed(std::to_string(i), now_);
        }
        CPPUNIT_ASSERT_EQUAL(FailureTable::kMostAddresses, table_.size());

        now_ += FailureTable::kForgetOne;
        table_.failed("one more", now_);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, table_.size());
    }

    void repeatedFailuresFromOneAddressAreSlowed() {
        const auto names = provide(
            "names",
            [](const sdk::ConnectRequest& request) {
                return request.user == "alice" ? sdk::AuthResult::accept("alice")
                                               : sdk::AuthResult::reject();
            },
            0, sdk::Cost::fast);
        auto slowing = settings(1);
        slowing.slowDown = true;
        host::AuthChain chain(*view_, log_, slowing);
        for (unsigned i = 0; i < FailureTable::kFree + 5; ++i) {
            CPPUNIT_ASSERT(!ask(chain, requestOf("mallory", "192.0.2.1:5")).accepted);
        }

        const auto before = std::chrono::steady_clock::now();
        Future slowed = begin(chain, requestOf("alice", "192.0.2.1:6"));
        CPPUNIT_ASSERT(ask(chain, requestOf("alice", "192.0.2.2:5")).accepted);
        CPPUNIT_ASSERT_MESSAGE("others are not", slowed.wait_for(std::chrono::seconds(0)) ==
                                                     std::future_status::timeout);
        CPPUNIT_ASSERT(await(std::move(slowed)).accepted);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - before >= milliseconds(800));

        std::vector<Future> flood;
        for (std::size_t i = 0; i < FailureTable::kWaiting; ++i) {
            flood.push_back(begin(chain, requestOf("mallory", "192.0.2.1:7")));
        }
        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("alice", "192.0.2.1:8")),
                                 "too many failures from this address"));
    }

    void oneNetworkOfIpv6IsOneAddress() {
        const auto nobody = provide(
            "nobody", [](const sdk::ConnectRequest&) { return sdk::AuthResult::reject(); }, 0,
            sdk::Cost::fast);
        auto slowing = settings(1);
        slowing.slowDown = true;
        host::AuthChain chain(*view_, log_, slowing);
        for (unsigned i = 0; i < FailureTable::kFree + 1; ++i) {
            ask(chain, requestOf("x", "[2001:db8:0:1::" + std::to_string(i) + "]:5"));
        }

        Future slowed = begin(chain, requestOf("x", "[2001:db8:0:1:2:3:4:5]:5"));
        ask(chain, requestOf("x", "[2001:db8:0:2::1]:5"));
        CPPUNIT_ASSERT(slowed.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
        await(std::move(slowed));
    }

    FailureTable table_;
    FailureTable::Clock::time_point now_ = FailureTable::Clock::now();
};

CPPUNIT_TEST_SUITE_REGISTRATION(FailureTableTest);

}  // namespace gnatsd::tests
