#include "kernel/SlotTable.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>

namespace gnatsd::kernel {

namespace {

struct Number {
    std::uint32_t value = 0;
    bool empty() const noexcept { return value == 0; }
};

using Table = SlotTable<Number>;

bool has(const Table& table, Table::Key key, std::uint32_t value) {
    return table.find(key, [value](const Number& n) { return n.value == value; }) != nullptr;
}

void erase(Table& table, Table::Key key, std::uint32_t value) {
    table.erase(key, table.find(key, [value](const Number& n) { return n.value == value; }));
}

}  // namespace

class SlotTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlotTableTest);
    CPPUNIT_TEST(entriesWithTheSameHashAreKeptApart);
    CPPUNIT_TEST(erasingFromACrowdedShardLosesNobody);
    CPPUNIT_TEST(memoryFollowsTheNumberOfEntries);
    CPPUNIT_TEST_SUITE_END();

    void entriesWithTheSameHashAreKeptApart() {
        Table table;
        table.insert({5, 1}, {10});
        table.insert({5, 2}, {11});
        table.insert({5, 2}, {12});

        CPPUNIT_ASSERT(has(table, {5, 1}, 10) && !has(table, {5, 1}, 11));
        CPPUNIT_ASSERT(has(table, {5, 2}, 11) && has(table, {5, 2}, 12));
        CPPUNIT_ASSERT(!has(table, {6, 1}, 10) && !has(table, {5, 3}, 10));
    }

    // One shard and few homes, so that clusters wrap around its end.
    void erasingFromACrowdedShardLosesNobody() {
        const unsigned seed = std::random_device{}();
        std::mt19937 random(seed);
        const std::string which = "seed " + std::to_string(seed);
        std::unordered_map<std::uint32_t, Table::Key> model;
        Table table;
        std::uint32_t next = 0;
        for (int i = 0; i < 20'000; ++i) {
            if (model.size() < 3 || random() % 100 < (i / 2000 % 2 == 0 ? 60U : 40U)) {
                const Table::Key key{static_cast<std::uint32_t>(0xfffffff8U + random() % 8), 0};
                table.insert(key, {++next});
                model[next] = key;
            } else {
                const auto [value, key] = *model.begin();
                erase(table, key, value);
                model.erase(value);
                CPPUNIT_ASSERT_MESSAGE(which, !has(table, key, value));
            }
            if (i % 50 == 0) {
                for (const auto& [value, key] : model) {
                    CPPUNIT_ASSERT_MESSAGE(which, has(table, key, value));
                }
            }
        }
    }

    void memoryFollowsTheNumberOfEntries() {
        constexpr std::uint32_t kEntries = 200'000;
        const auto key = [](std::uint32_t i) { return Table::Key{i * 2654435761U, i}; };
        Table table;
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, table.capacity());

        for (std::uint32_t i = 1; i <= kEntries; ++i) {
            table.insert(key(i), {i});
        }
        const std::size_t full = table.capacity();
        for (std::uint32_t i = 1; i <= kEntries - kEntries / 100; ++i) {
            erase(table, key(i), i);
        }
        const std::size_t hundredth = table.capacity();
        for (std::uint32_t i = kEntries - kEntries / 100 + 1; i <= kEntries; ++i) {
            CPPUNIT_ASSERT_MESSAGE(std::to_string(i), has(table, key(i), i));
            erase(table, key(i), i);
        }

        CPPUNIT_ASSERT(full >= kEntries && full < 3 * kEntries);
        CPPUNIT_ASSERT(hundredth <= full / 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, table.capacity());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SlotTableTest);

}  // namespace gnatsd::kernel
