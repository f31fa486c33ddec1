#include "transports/reactor/Balance.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace gnatsd::reactor {

class BalanceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BalanceTest);
    CPPUNIT_TEST(partnersMoveTogether);
    CPPUNIT_TEST(theOnlyGroupStays);
    CPPUNIT_TEST(theOnlyGroupIsSplitByPublishersWhereCoresAreToSpare);
    CPPUNIT_TEST(aSinglePublisherIsNeverSplitFromItsReceivers);
    CPPUNIT_TEST(whoCannotMoveKeepsItsPartners);
    CPPUNIT_TEST(idleConnectionsAreLeftAlone);
    CPPUNIT_TEST_SUITE_END();

    /// Publisher n and receiver n, each pair alone: candidates 2n and 2n+1.
    static std::vector<Candidate> pairs(const std::vector<std::uint64_t>& work) {
        std::vector<Candidate> candidates;
        for (std::size_t i = 0; i < work.size(); ++i) {
            const void* publisher = name(2 * i);
            candidates.push_back({publisher, nullptr, work[i], 0, true});
            candidates.push_back({name(2 * i + 1), publisher, 0, work[i], true});
        }
        return candidates;
    }

    static const void* name(std::size_t i) { return reinterpret_cast<const void*>(i + 1); }

    static std::vector<std::size_t> sorted(std::vector<std::size_t> moves) {
        std::sort(moves.begin(), moves.end());
        return moves;
    }

    void partnersMoveTogether() {
        const auto moves = sorted(chooseMoves(pairs({100, 60, 40}), false));

        CPPUNIT_ASSERT((moves == std::vector<std::size_t>{0, 1}) ||
                       (moves == std::vector<std::size_t>{2, 3, 4, 5}));
    }

    void theOnlyGroupStays() { CPPUNIT_ASSERT(chooseMoves(pairs({100}), false).empty()); }

    void theOnlyGroupIsSplitByPublishersWhereCoresAreToSpare() {
        // Two publishers to one receiver, which has received from the first last, and the second
        // receives from the receiver.
        const std::vector<Candidate> candidates = {
            {name(0), nullptr, 50, 0, true},
            {name(1), name(2), 50, 0, true},
            {name(2), name(0), 0, 100, true},
        };

        CPPUNIT_ASSERT(chooseMoves(candidates, false).empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, chooseMoves(candidates, true).size());
    }

    void aSinglePublisherIsNeverSplitFromItsReceivers() {
        CPPUNIT_ASSERT(chooseMoves(pairs({100}), true).empty());
    }

    void whoCannotMoveKeepsItsPartners() {
        std::vector<Candidate> candidates = pairs({50, 50});
        candidates[0].movable = false;

        CPPUNIT_ASSERT((sorted(chooseMoves(candidates, false)) == std::vector<std::size_t>{2, 3}));
    }

    void idleConnectionsAreLeftAlone() {
        std::vector<Candidate> candidates = pairs({50, 50});
        candidates.push_back({name(9), nullptr, 0, 0, true});

        for (const std::size_t i : chooseMoves(candidates, false)) {
            CPPUNIT_ASSERT(i != 4);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BalanceTest);

}  // namespace gnatsd::reactor
