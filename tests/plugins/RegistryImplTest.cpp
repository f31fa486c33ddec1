#include "plugins/host/RegistryImpl.h"
#include "tests/plugins/Fixtures.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using namespace std::chrono_literals;
using sdk::Change;
using sdk::ServiceRef;

struct Colour {
    static constexpr std::string_view kInterfaceId = "test.Colour/1";
    explicit Colour(std::string colourName) : name(std::move(colourName)) {}
    std::string name;
};

struct Shape {
    static constexpr std::string_view kInterfaceId = "test.Shape/1";
};

std::shared_ptr<Colour> colour(std::string name = "red") {
    return std::make_shared<Colour>(std::move(name));
}

std::string word(Change change, const ServiceRef<Colour>& reference) {
    return (change == Change::added ? "+" : "-") + std::string(reference.name());
}

}  // namespace

class RegistryImplTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RegistryImplTest);
    CPPUNIT_TEST(aServiceIsFoundByInterfaceAndName);
    CPPUNIT_TEST(allAreSortedByRankThenName);
    CPPUNIT_TEST(aSecondServiceUnderOneKeyIsRefused);
    CPPUNIT_TEST(aNullServiceIsRefused);
    CPPUNIT_TEST(aRevokedServiceCannotBeLocked);
    CPPUNIT_TEST(aDroppedRegistrationRevokes);
    CPPUNIT_TEST(revokeWaitsForWhoeverPinsTheService);
    CPPUNIT_TEST(revokeGivesUpLoudlyAndFreesNothing);
    CPPUNIT_TEST(aWatcherHearsWhatIsThereAndWhatChanges);
    CPPUNIT_TEST(watchersAreToldBeforeRevokeReturns);
    CPPUNIT_TEST(allWatchersHearTheSameOrder);
    CPPUNIT_TEST(aCallbackMayLookUpButNotProvideOrWatch);
    CPPUNIT_TEST(revokingInsideACallbackIsLoggedAndDone);
    CPPUNIT_TEST(aThrowingCallbackIsLoggedAndPassedOver);
    CPPUNIT_TEST(aRevokedWatchIsNotCalledAgain);
    CPPUNIT_TEST(revokingAWatchWaitsForItsRunningCall);
    CPPUNIT_TEST(leftoversAreRevokedAndBlamedOnTheirOwner);
    CPPUNIT_TEST(handlesAndReferencesOutliveTheRegistry);
    CPPUNIT_TEST_SUITE_END();

    void aServiceIsFoundByInterfaceAndName() {
        const auto registration = view_->provide<Colour>("a", colour("red"));

        CPPUNIT_ASSERT_EQUAL(std::string("red"), view_->find<Colour>("a").lock()->name);
        CPPUNIT_ASSERT(!view_->find<Colour>("b").lock());
        CPPUNIT_ASSERT(!view_->find<Shape>("a").lock());
    }

    void allAreSortedByRankThenName() {
        const auto one = view_->provide<Colour>("c", colour(), 5);
        const auto two = view_->provide<Colour>("b", colour(), 5);
        const auto three = view_->provide<Colour>("z", colour(), -1);
        const auto other = view_->provide<Shape>("a", std::make_shared<Shape>());

        std::string names;
        for (const auto& reference : view_->all<Colour>()) {
            names += reference.name();
        }
        CPPUNIT_ASSERT_EQUAL(std::string("zbc"), names);
    }

    void aSecondServiceUnderOneKeyIsRefused() {
        const auto first = view_->provide<Colour>("a", colour("first"));

        CPPUNIT_ASSERT_THROW((void)view_->provide<Colour>("a", colour("second")),
                             Poco::ExistsException);
        CPPUNIT_ASSERT_EQUAL(std::string("first"), view_->find<Colour>("a").lock()->name);
        CPPUNIT_ASSERT_NO_THROW((void)view_->provide<Shape>("a", std::make_shared<Shape>()));
    }

    void aNullServiceIsRefused() {
        CPPUNIT_ASSERT_THROW((void)view_->provide<Colour>("a", nullptr),
                             Poco::InvalidArgumentException);
    }

    void aRevokedServiceCannotBeLocked() {
        auto registration = view_->provide<Colour>("a", colour());
        const auto reference = view_->find<Colour>("a");
        registration.revoke();

        CPPUNIT_ASSERT(!reference.lock());
        CPPUNIT_ASSERT(view_->all<Colour>().empty());
        registration.revoke();
        CPPUNIT_ASSERT_NO_THROW((void)view_->provide<Colour>("a", colour()));
    }

    void aDroppedRegistrationRevokes() {
        { const auto registration = view_->provide<Colour>("a", colour()); }
        CPPUNIT_ASSERT(!view_->find<Colour>("a").lock());

        auto kept = view_->provide<Colour>("b", colour());
        kept = sdk::Registration();
        CPPUNIT_ASSERT(!view_->find<Colour>("b").lock());
    }

    void revokeWaitsForWhoeverPinsTheService() {
        auto registration = view_->provide<Colour>("a", colour());
        const auto reference = view_->find<Colour>("a");
        std::atomic<bool> letGo{false};
        std::atomic<bool> isPinned{false};
        std::thread user([&] {
            auto pin = reference.lock();
            isPinned = true;
            waitFor([&] { return !reference.lock(); });
            // The revoker is past the table now; it must still be waiting for this pin.
            letGo = true;
            pin.reset();
        });
        CPPUNIT_ASSERT(waitFor([&] { return isPinned.load(); }));

        registration.revoke();
        const bool wasLetGo = letGo;
        user.join();

        CPPUNIT_ASSERT(wasLetGo);
        CPPUNIT_ASSERT(log_.lines().empty());
    }

    void revokeGivesUpLoudlyAndFreesNothing() {
        host::RegistryImpl impatient(log_, 20ms);
        const auto view = impatient.view("tester");
        std::weak_ptr<Colour> watched;
        auto service = colour("kept");
        watched = service;
        auto registration = view->provide<Colour>("a", std::move(service));
        auto pin = view->find<Colour>("a").lock();

        registration.revoke();

        CPPUNIT_ASSERT_EQUAL(std::string("kept"), pin->name);
        CPPUNIT_ASSERT(log_.has("test.Colour/1 'a' of tester was revoked but is still used by 1"));
        pin.reset();
        CPPUNIT_ASSERT(watched.expired());
    }

    void aWatcherHearsWhatIsThereAndWhatChanges() {
        auto present = view_->provide<Colour>("a", colour());
        std::string heard;
        const auto watch =
            view_->watch<Colour>([&](Change change, const ServiceRef<Colour>& reference) {
                heard += word(change, reference);
            });
        CPPUNIT_ASSERT_EQUAL(std::string("+a"), heard);

        const auto other = view_->provide<Shape>("s", std::make_shared<Shape>());
        const auto second = view_->provide<Colour>("b", colour());
        present.revoke();
        CPPUNIT_ASSERT_EQUAL(std::string("+a+b-a"), heard);
    }

    void watchersAreToldBeforeRevokeReturns() {
        auto registration = view_->provide<Colour>("a", colour());
        std::shared_ptr<Colour> held = view_->find<Colour>("a").lock();
        const auto watch =
            view_->watch<Colour>([&](Change change, const ServiceRef<Colour>& reference) {
                if (change == Change::removed && !reference.lock()) {
                    held.reset();
                }
            });

        registration.revoke();

        CPPUNIT_ASSERT(!held);
        CPPUNIT_ASSERT(log_.lines().empty());
    }

    void allWatchersHearTheSameOrder() {
        std::string first;
        std::string second;
        const auto listen = [](std::string& heard) {
            return [&heard](Change change, const ServiceRef<Colour>& reference) {
                heard += word(change, reference);
            };
        };
        const auto watchOne = view_->watch<Colour>(listen(first));
        const auto watchTwo = view_->watch<Colour>(listen(second));
        std::vector<std::thread> threads;
        for (const char* name : {"a", "b", "c"}) {
            threads.emplace_back([this, name] {
                for (int i = 0; i < 200; ++i) {
                    (void)view_->provide<Colour>(name, colour());
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }

        CPPUNIT_ASSERT_EQUAL(std::size_t{3 * 200 * 4}, first.size());
        CPPUNIT_ASSERT_EQUAL(first, second);
    }

    void aCallbackMayLookUpButNotProvideOrWatch() {
        std::string found;
        bool provideRefused = false;
        bool watchRefused = false;
        const auto watch =
            view_->watch<Colour>([&](Change change, const ServiceRef<Colour>& reference) {
                if (change == Change::removed) {
                    return;
                }
                found = view_->find<Colour>(reference.name()).lock()->name;
                try {
                    (void)view_->provide<Shape>("s", std::make_shared<Shape>());
                } catch (const Poco::IllegalStateException&) {
                    provideRefused = true;
                }
                try {
                    (void)view_->watch<Shape>([](Change, const ServiceRef<Shape>&) {});
                } catch (const Poco::IllegalStateException&) {
                    watchRefused = true;
                }
            });
        const auto registration = view_->provide<Colour>("a", colour("green"));

        CPPUNIT_ASSERT_EQUAL(std::string("green"), found);
        CPPUNIT_ASSERT(provideRefused);
        CPPUNIT_ASSERT(watchRefused);
        CPPUNIT_ASSERT(!view_->find<Shape>("s").lock());
    }

    void revokingInsideACallbackIsLoggedAndDone() {
        auto victim = view_->provide<Shape>("s", std::make_shared<Shape>());
        const auto watch =
            view_->watch<Colour>([&](Change, const ServiceRef<Colour>&) { victim.revoke(); });
        const auto registration = view_->provide<Colour>("a", colour());

        CPPUNIT_ASSERT(!view_->find<Shape>("s").lock());
        CPPUNIT_ASSERT(log_.has("test.Shape/1 's' of tester was revoked inside a watch callback"));
    }

    void aThrowingCallbackIsLoggedAndPassedOver() {
        std::string heard;
        const auto bad = view_->watch<Colour>(
            [](Change, const ServiceRef<Colour>&) { throw Poco::DataException("no\nluck"); });
        const auto good =
            view_->watch<Colour>([&](Change change, const ServiceRef<Colour>& reference) {
                heard += word(change, reference);
            });
        const auto registration = view_->provide<Colour>("a", colour());

        CPPUNIT_ASSERT_EQUAL(std::string("+a"), heard);
        CPPUNIT_ASSERT(log_.has("a watch callback of tester threw: Data error: no\\nluck"));
    }

    void aRevokedWatchIsNotCalledAgain() {
        int calls = 0;
        auto watch = view_->watch<Colour>([&](Change, const ServiceRef<Colour>&) { ++calls; });
        watch.revoke();
        const auto registration = view_->provide<Colour>("a", colour());

        CPPUNIT_ASSERT_EQUAL(0, calls);
    }

    void revokingAWatchWaitsForItsRunningCall() {
        std::atomic<bool> entered{false};
        std::atomic<bool> mayLeave{false};
        std::atomic<bool> left{false};
        auto watch = view_->watch<Colour>([&](Change, const ServiceRef<Colour>&) {
            entered = true;
            waitFor([&] { return mayLeave.load(); });
            left = true;
        });
        std::thread provider([&] { (void)view_->provide<Colour>("a", colour()); });
        CPPUNIT_ASSERT(waitFor([&] { return entered.load(); }));
        std::thread opener([&] { mayLeave = true; });

        watch.revoke();
        const bool hadLeft = left;
        opener.join();
        provider.join();

        CPPUNIT_ASSERT(hadLeft);
    }

    void leftoversAreRevokedAndBlamedOnTheirOwner() {
        const auto mine = view_->provide<Colour>("mine", colour());
        const auto sloppy = registry_.view("sloppy");
        auto forgotten = sloppy->provide<Colour>("theirs", colour());
        int calls = 0;
        auto watch = sloppy->watch<Shape>([&](Change, const ServiceRef<Shape>&) { ++calls; });

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, registry_.revokeLeftovers("sloppy"));
        const auto shape = view_->provide<Shape>("s", std::make_shared<Shape>());

        CPPUNIT_ASSERT_EQUAL(0, calls);
        CPPUNIT_ASSERT(!view_->find<Colour>("theirs").lock());
        CPPUNIT_ASSERT(view_->find<Colour>("mine").lock());
        CPPUNIT_ASSERT(log_.has("W Plug-in sloppy left test.Colour/1 'theirs' in the registry"));
        CPPUNIT_ASSERT(log_.has("W Plug-in sloppy left a watch for test.Shape/1"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, registry_.revokeLeftovers("sloppy"));
    }

    void handlesAndReferencesOutliveTheRegistry() {
        sdk::Registration registration;
        ServiceRef<Colour> reference;
        {
            host::RegistryImpl shortLived(log_);
            const auto view = shortLived.view("tester");
            registration = view->provide<Colour>("a", colour());
            reference = view->find<Colour>("a");
        }
        registration.revoke();
        reference.lock();
        CPPUNIT_ASSERT(log_.lines().empty());
    }

    RecordingLog log_;
    host::RegistryImpl registry_{log_};
    std::unique_ptr<sdk::ServiceRegistry> view_ = registry_.view("tester");
};

CPPUNIT_TEST_SUITE_REGISTRATION(RegistryImplTest);

}  // namespace gnatsd::tests
