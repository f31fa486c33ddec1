#include "kernel/ResponseGrants.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

class ResponseGrantsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ResponseGrantsTest);
    CPPUNIT_TEST(nothingIsGrantedAtFirst);
    CPPUNIT_TEST(oneMessageForEachRequest);
    CPPUNIT_TEST(asManyAsTheRuleSays);
    CPPUNIT_TEST(rightsEndWithTime);
    CPPUNIT_TEST(negativeMeansWithoutEnd);
    CPPUNIT_TEST(oldestIsForgottenWhenThereAreTooMany);
    CPPUNIT_TEST(behavesLikeAMap);
    CPPUNIT_TEST_SUITE_END();

    using Time = ResponseGrants::Time;
    const Time now_ = Time(1000s);

    void nothingIsGrantedAtFirst() {
        ResponseGrants grants;

        CPPUNIT_ASSERT(!grants.take("a", now_));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, grants.size());
    }

    // AU-41
    void oneMessageForEachRequest() {
        ResponseGrants grants;
        grants.grant("a", {}, now_);
        grants.grant("b", {}, now_);
        grants.grant("b", {}, now_);

        CPPUNIT_ASSERT(grants.take("a", now_));
        CPPUNIT_ASSERT(!grants.take("a", now_));
        CPPUNIT_ASSERT(grants.take("b", now_));
        CPPUNIT_ASSERT(grants.take("b", now_));
        CPPUNIT_ASSERT(!grants.take("b", now_));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, grants.size());
    }

    // AU-41
    void asManyAsTheRuleSays() {
        ResponseGrants grants;
        grants.grant("a", {3, 1min}, now_);

        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(grants.take("a", now_));
        }
        CPPUNIT_ASSERT(!grants.take("a", now_));
    }

    // AU-41: counted from delivery
    void rightsEndWithTime() {
        ResponseGrants grants;
        const ResponseRule rule{2, 500ms};
        grants.grant("a", rule, now_);
        grants.grant("b", rule, now_ + 100ms);

        CPPUNIT_ASSERT(grants.take("a", now_ + 499ms));
        CPPUNIT_ASSERT(!grants.take("a", now_ + 500ms));
        CPPUNIT_ASSERT(grants.take("b", now_ + 500ms));
        CPPUNIT_ASSERT(!grants.take("b", now_ + 600ms));
        grants.grant("c", rule, now_ + 1s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, grants.size());
    }

    // AU-41
    void negativeMeansWithoutEnd() {
        ResponseGrants grants;
        grants.grant("a", {-1, -1ms}, now_);
        grants.grant("b", {-1, 1ms}, now_);

        for (int i = 0; i < 1000; ++i) {
            CPPUNIT_ASSERT(grants.take("a", now_ + 24h * i));
        }
        CPPUNIT_ASSERT(!grants.take("b", now_ + 1ms));
    }

    void oldestIsForgottenWhenThereAreTooMany() {
        ResponseGrants grants;
        for (std::size_t i = 0; i < ResponseGrants::kMost; ++i) {
            grants.grant("inbox." + std::to_string(i), {}, now_);
        }
        grants.grant("inbox.0", {}, now_);  // asked again, so it is not the oldest any more
        grants.grant("one more", {}, now_);

        CPPUNIT_ASSERT_EQUAL(ResponseGrants::kMost, grants.size());
        CPPUNIT_ASSERT(grants.take("inbox.0", now_));
        CPPUNIT_ASSERT(!grants.take("inbox.1", now_));
        CPPUNIT_ASSERT(grants.take("inbox.2", now_));
        CPPUNIT_ASSERT(grants.take("one more", now_));
    }

    // Model: a map.
    void behavesLikeAMap() {
        tests::Random random;
        ResponseGrants grants;
        std::map<std::string, std::pair<int, Time>> model;
        Time now = now_;
        for (int i = 0; i < 50'000; ++i) {
            const std::string subject = "inbox." + std::to_string(random.below(300));
            now += std::chrono::microseconds(random.below(300));
            std::erase_if(model, [now](const auto& one) { return one.second.second <= now; });
            if (random.below(2) == 0) {
                const int most = 1 + static_cast<int>(random.below(3));
                grants.grant(subject, {most, 20ms}, now);
                model[subject].first += most;
                model[subject].second = now + 20ms;
                CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), model.size(), grants.size());
                continue;
            }
            const auto known = model.find(subject);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed() + " " + subject, known != model.end(),
                                         grants.take(subject, now));
            if (known != model.end() && --known->second.first == 0) {
                model.erase(known);
            }
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ResponseGrantsTest);

}  // namespace gnatsd::kernel
