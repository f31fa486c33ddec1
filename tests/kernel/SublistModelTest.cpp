#include "kernel/Subject.h"
#include "kernel/Sublist.h"
#include "tests/kernel/SublistFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace gnatsd::kernel {

namespace {

using Words = std::vector<std::string>;

Words split(const std::string& subject) {
    Words words(1);
    for (const char c : subject) {
        if (c == '.') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

bool naiveMatch(const Words& pattern, const Words& subject, std::size_t at = 0) {
    if (at == pattern.size() || at == subject.size()) {
        return pattern.size() == subject.size();
    }
    return pattern[at] == ">" || ((pattern[at] == "*" || pattern[at] == subject[at]) &&
                                  naiveMatch(pattern, subject, at + 1));
}

struct Entry {
    Ref<Subscription> subscription;
    Words pattern;
};

struct Cached {
    Ref<MatchResult> result;
    Sublist::Stamp stamp{};
};

/// The list under test and a vector that answers the same questions slowly.
class Model {
public:
    explicit Model(unsigned seed) : random_(seed) {}

    std::size_t size() const { return entries_.size(); }
    std::size_t freshHits() const { return freshHits_; }
    std::size_t staleHits() const { return staleHits_; }
    Sublist& list() { return list_; }

    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

    std::string randomSubject() {
        static const std::vector<std::string> kWords{"a", "b", "c",  "foo*", ">x",
                                                     "*", ">", "*y", "*",    ""};
        // The empty word is last and drawn rarely: most subjects shall be valid.
        const auto word = [&] { return kWords[below(below(20) == 0 ? 10 : 9)]; };
        std::string subject = word();
        for (unsigned more = below(5); more > 0; --more) {
            subject += "." + word();
        }
        return subject;
    }

    void insert() {
        static const std::vector<std::string> kQueues{"", "", "", "q", "r"};
        const std::string pattern = randomSubject();
        if (isPattern(pattern)) {
            Ref<Subscription> made =
                subscription(pattern, std::to_string(++sids_), kQueues[below(5)]);
            list_.insert(made);
            entries_.push_back({made, split(pattern)});
        }
    }

    bool remove() {
        if (entries_.empty()) {
            return true;
        }
        std::swap(entries_[below(static_cast<unsigned>(entries_.size()))], entries_.back());
        const Ref<Subscription> victim = entries_.back().subscription;
        entries_.pop_back();
        return list_.remove(*victim) && !list_.remove(*victim);
    }

    std::string expected(const std::string& subject) const {
        const Words words = split(subject);
        std::map<std::string, MatchResult::Subscriptions, std::less<>> groups;
        MatchResult result;
        const bool valid = std::find(words.begin(), words.end(), "") == words.end();
        for (const Entry& entry : entries_) {
            if (valid && naiveMatch(entry.pattern, words)) {
                const std::string_view queue = entry.subscription->queue();
                (queue.empty() ? result.plain : groups[std::string(queue)])
                    .push_back(entry.subscription);
            }
        }
        for (auto& [name, members] : groups) {
            result.queues.push_back(std::move(members));
        }
        return textOf(result);
    }

    /// What a cache in front of the list would answer.
    std::string cached(const std::string& subject) {
        Cached& entry = cache_[subject];
        if (entry.result && list_.fresh(subject, entry.stamp)) {
            ++freshHits_;
        } else {
            staleHits_ += entry.result ? 1 : 0;
            entry.result = list_.match(subject, entry.stamp);
        }
        return textOf(*entry.result);
    }

private:
    std::mt19937 random_;
    Sublist list_;
    std::vector<Entry> entries_;
    std::map<std::string, Cached> cache_;
    unsigned sids_ = 0;
    std::size_t freshHits_ = 0;
    std::size_t staleHits_ = 0;
};

}  // namespace

class SublistModelTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SublistModelTest);
    CPPUNIT_TEST(agreesWithANaiveMatcher);
    CPPUNIT_TEST_SUITE_END();

    // CP-130 to CP-141. GNATSD_TEST_SEED repeats a run.
    void agreesWithANaiveMatcher() {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables while tests run
        const char* given = std::getenv("GNATSD_TEST_SEED");
        const unsigned seed = given != nullptr
                                  ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                  : std::random_device{}();
        std::cout << "SublistModelTest seed " << seed << std::endl;
        Model model(seed);
        for (int i = 0; i < 100'000; ++i) {
            std::string where = "seed " + std::to_string(seed) + " step " + std::to_string(i);
            // Tides: up to about 150 subscriptions, down to none, and again.
            const unsigned inserts = i / 2000 % 2 == 0 ? 30 : 10;
            const unsigned choice = model.below(100);
            if (choice < inserts && model.size() < 150) {
                model.insert();
            } else if (choice < 45) {
                CPPUNIT_ASSERT_MESSAGE(where, model.remove());
            } else {
                const std::string subject = model.randomSubject();
                const std::string expected = model.expected(subject);
                const std::string found =
                    choice < 70 ? matchText(model.list(), subject) : model.cached(subject);
                where.append(" subject ").append(subject);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(where, expected, found);
            }
        }
        CPPUNIT_ASSERT_EQUAL(model.size(), model.list().size());
        CPPUNIT_ASSERT(model.freshHits() > 100);
        CPPUNIT_ASSERT(model.staleHits() > 1000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SublistModelTest);

}  // namespace gnatsd::kernel
