#include "plugins/host/auth/VerifiedSecrets.h"
#include "tests/plugins/AuthFixture.h"
#include <gnatsd/PasswordVerifier.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tests {

namespace {

using host::auth::VerifiedSecrets;
using sdk::Cost;

/// Claims "#..."; the password is what follows.
class Counting final : public sdk::PasswordVerifier {
public:
    bool claims(std::string_view secret) const noexcept override { return secret.starts_with('#'); }
    bool verify(std::string_view secret, std::string_view password) const override {
        ++calls;
        if (then) {
            then();
        }
        return secret.substr(1) == password;
    }

    mutable std::atomic<int> calls{0};
    std::function<void()> then;
};

}  // namespace

class VerifiedSecretsTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(VerifiedSecretsTest);
    CPPUNIT_TEST(itClaimsWhatSomebodyClaims);
    CPPUNIT_TEST(aRightPasswordIsComputedOnce);
    CPPUNIT_TEST(aWrongPasswordIsNeverRemembered);
    CPPUNIT_TEST(secretAndPasswordAreBothPartOfIt);
    CPPUNIT_TEST(withoutTimeToLiveNothingIsRemembered);
    CPPUNIT_TEST(turningItOffForgets);
    CPPUNIT_TEST(anEntryLivesAsLongAsASessionThatItLetIn);
    CPPUNIT_TEST(theTableIsBounded);
    CPPUNIT_TEST(aReturningClientIsFast);
    CPPUNIT_TEST_SUITE_END();

    void itClaimsWhatSomebodyClaims() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(60));

        CPPUNIT_ASSERT(secrets.claims("#x"));
        CPPUNIT_ASSERT(!secrets.claims("x"));
        CPPUNIT_ASSERT(!secrets.verify("x", "x"));
    }

    void aRightPasswordIsComputedOnce() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(60));

        CPPUNIT_ASSERT(secrets.cost("#right", "right") == Cost::slow);
        CPPUNIT_ASSERT(secrets.verify("#right", "right"));
        CPPUNIT_ASSERT(secrets.cost("#right", "right") == Cost::fast);
        CPPUNIT_ASSERT(secrets.verify("#right", "right"));
        CPPUNIT_ASSERT_EQUAL(1, verifier_->calls.load());
    }

    void aWrongPasswordIsNeverRemembered() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(60));
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(!secrets.verify("#right", "wrong"));
        }

        CPPUNIT_ASSERT(secrets.cost("#right", "wrong") == Cost::slow);
        CPPUNIT_ASSERT_EQUAL(3, verifier_->calls.load());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, secrets.size());
    }

    void secretAndPasswordAreBothPartOfIt() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(60));
        secrets.verify("#ab", "ab");

        CPPUNIT_ASSERT(!secrets.verify("#a", "bab"));
        CPPUNIT_ASSERT(!secrets.verify("#aba", "b"));
        CPPUNIT_ASSERT_MESSAGE("a changed secret", !secrets.verify("#new", "ab"));
    }

    void withoutTimeToLiveNothingIsRemembered() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(0));
        CPPUNIT_ASSERT(secrets.verify("#x", "x"));
        CPPUNIT_ASSERT(secrets.verify("#x", "x"));

        CPPUNIT_ASSERT_EQUAL(2, verifier_->calls.load());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, secrets.size());
    }

    void turningItOffForgets() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(60));
        VerifiedSecrets::Pins pins;
        {
            const VerifiedSecrets::Collecting collecting(pins);
            secrets.verify("#x", "x");
        }
        secrets.setTimeToLive(std::chrono::seconds(0));

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, secrets.size());
        CPPUNIT_ASSERT(secrets.cost("#x", "x") == Cost::slow);
        pins.clear();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, secrets.size());
    }

    void anEntryLivesAsLongAsASessionThatItLetIn() {
        VerifiedSecrets secrets(*view_, std::chrono::seconds(1));
        VerifiedSecrets::Pins pins;
        {
            const VerifiedSecrets::Collecting collecting(pins);
            secrets.verify("#held", "held");
        }
        secrets.verify("#loose", "loose");

        CPPUNIT_ASSERT(waitFor([&] { return secrets.cost("#loose", "loose") == Cost::slow; }));
        CPPUNIT_ASSERT(secrets.cost("#held", "held") == Cost::fast);
        pins.clear();
        CPPUNIT_ASSERT(secrets.cost("#held", "held") == Cost::fast);
        CPPUNIT_ASSERT(waitFor([&] { return secrets.cost("#held", "held") == Cost::slow; }));
    }

    void theTableIsBounded() {
        constexpr std::size_t kMost = 100;
        VerifiedSecrets secrets(*view_, std::chrono::hours(1), kMost);
        for (std::size_t i = 0; i < kMost + 10; ++i) {
            const std::string password = std::to_string(i);
            secrets.verify("#" + password, password);
        }

        CPPUNIT_ASSERT_EQUAL(kMost, secrets.size());
    }

    void aReturningClientIsFast() {
        class Hashed final : public sdk::Authenticator {
        public:
            explicit Hashed(const sdk::ServiceRegistry& registry) : registry_(registry) {}
            sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
                return first()->verify("#secret", request.password) ? sdk::AuthResult::accept("x")
                                                                    : sdk::AuthResult::reject();
            }
            Cost cost(const sdk::ConnectRequest& request) const override {
                return first()->cost("#secret", request.password);
            }

        private:
            std::shared_ptr<sdk::PasswordVerifier> first() const {
                return registry_.all<sdk::PasswordVerifier>().front().lock();
            }
            const sdk::ServiceRegistry& registry_;
        };
        const auto hashed =
            view_->provide<sdk::Authenticator>("hashed", std::make_shared<Hashed>(*view_));
        host::AuthChain chain(*view_, log_, settings(1));
        auto request = requestOf("x");
        request.connect.pass = "secret";
        CPPUNIT_ASSERT(ask(chain, request).accepted);

        // The only worker for slow checks is busy with somebody else now.
        Gate gate;
        std::atomic<bool> isBusy{false};
        verifier_->then = [&] {
            isBusy = true;
            gate.wait();
        };
        auto stranger = request;
        stranger.connect.pass = "wrong";
        Future stuck = begin(chain, std::move(stranger));
        CPPUNIT_ASSERT(waitFor([&] { return isBusy.load(); }));

        CPPUNIT_ASSERT(ask(chain, request).accepted);
        CPPUNIT_ASSERT_EQUAL(2, verifier_->calls.load());
        gate.open();
        CPPUNIT_ASSERT(!await(std::move(stuck)).accepted);
    }

    const std::shared_ptr<Counting> verifier_ = std::make_shared<Counting>();
    const sdk::Registration registration_ =
        view_->provide<sdk::PasswordVerifier>("counting", verifier_);
};

CPPUNIT_TEST_SUITE_REGISTRATION(VerifiedSecretsTest);

}  // namespace gnatsd::tests
