// auth/nkey against keys and signatures that other programs made: the nkeys library of Go, and
// OpenSSL.

#include "auth/nkey/PublicKey.h"
#include "tests/auth/AuthRig.h"
#include "tests/auth/OpensslKey.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using auth::nkey::parseSignature;
using auth::nkey::PublicKey;
using namespace std::string_literals;

namespace {

// AU-81: from the seed 00 01 02 ... 1f; signatures by Go's nkeys.
const std::string kKey = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK";
const std::string kOther = "UCCG6BA5U5YZGMKVQOZ3OL7ZUNSTRTCJXCODDSNKM2RLLA5STDL6B6NY";
const std::string kNonce = "PXoWU7zWAMt75FY";
const std::string kSignature =
    "bnxg5G8aOV2LQdSE_lcM9clxm_fbTTZxsqQ1EpTNgJXmH6z5ezesd49kXfuNhoAqw_DmEtsGcNsJdug9wMuRDQ";
const std::string kPadded =
    "bnxg5G8aOV2LQdSE/lcM9clxm/fbTTZxsqQ1EpTNgJXmH6z5ezesd49kXfuNhoAqw/DmEtsGcNsJdug9wMuRDQ==";
const std::string kOtherSignature =
    "6I1NDORvnYfm8FhCdBdze2kYDe7FlnNfCtBhOHCbC4PTjdzVUzkq5XiUlKSdmDX3FNOcs7tCeBETNqjf7kqKAw";

sdk::ConnectRequest signedBy(const std::string& key, const std::string& signature) {
    sdk::ConnectRequest request = withNothing();
    request.nkey = key;
    request.signature = signature;
    request.nonce = kNonce;
    return request;
}

const Settings kTwo{{"users.0.nkey", kKey},
                    {"users.1.user", "bob"},
                    {"users.1.password", "b"},
                    {"accounts.0.name", "A"},
                    {"accounts.0.users.0.nkey", kOther}};

}  // namespace

class NkeyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NkeyTest);
    CPPUNIT_TEST(whoSignsTheNonceGetsIn);
    CPPUNIT_TEST(wrongSignaturesAreRejectedWithAReason);
    CPPUNIT_TEST(anotherNonceNeedsAnotherSignature);
    CPPUNIT_TEST(anUnknownKeyIsRejectedEvenWithAPassword);
    CPPUNIT_TEST(passwordsWorkBesideNkeys);
    CPPUNIT_TEST(withoutNkeysOthersDecide);
    CPPUNIT_TEST(keysAndSignaturesOfOpensslVerify);
    CPPUNIT_TEST(everyDamagedKeyIsRefused);
    CPPUNIT_TEST(everyDamagedSignatureIsRefused);
    CPPUNIT_TEST(wrongEntriesAreRefused);
    CPPUNIT_TEST_SUITE_END();

private:
    // AU-83
    void whoSignsTheNonceGetsIn() {
        AuthRig rig(kTwo);

        CPPUNIT_ASSERT_EQUAL("accept " + kKey, rig.ask(signedBy(kKey, kSignature)));
        CPPUNIT_ASSERT_EQUAL("accept " + kKey, rig.ask(signedBy(kKey, kPadded)));
        CPPUNIT_ASSERT_EQUAL("accept " + kOther + "@A", rig.ask(signedBy(kOther, kOtherSignature)));
        CPPUNIT_ASSERT(rig.cost(signedBy(kKey, kSignature)) == sdk::Cost::fast);
    }

    // AU-92
    void wrongSignaturesAreRejectedWithAReason() {
        AuthRig rig(kTwo);

        CPPUNIT_ASSERT_EQUAL("reject Signature missing"s, rig.ask(signedBy(kKey, "")));
        CPPUNIT_ASSERT_EQUAL("reject Signature not valid base64"s,
                             rig.ask(signedBy(kKey, kSignature + "=")));
        CPPUNIT_ASSERT_EQUAL("reject Signature not verified"s,
                             rig.ask(signedBy(kKey, kOtherSignature)));
        CPPUNIT_ASSERT_EQUAL("reject Signature not verified"s,
                             rig.ask(signedBy(kOther, kSignature)));
        CPPUNIT_ASSERT_EQUAL("reject Signature not verified"s,
                             rig.ask(signedBy(kKey, std::string(86, 'A'))));
    }

    void anotherNonceNeedsAnotherSignature() {
        AuthRig rig(kTwo);
        sdk::ConnectRequest request = signedBy(kKey, kSignature);
        request.nonce = "abcdefghijklmno";
        CPPUNIT_ASSERT_EQUAL("reject Signature not verified"s, rig.ask(request));

        request.signature =
            "BFqgAdhpmdT7AcI_"
            "hxTszAUiqdm5bBqbwMALxRCGOBYMSx9jTHq7RISqFue3wTE53jdrCFSiYMMcaXDUnZp1Bg";
        CPPUNIT_ASSERT_EQUAL("accept " + kKey, rig.ask(request));

        request.nonce = "";
        CPPUNIT_ASSERT_EQUAL("reject Signature not verified"s, rig.ask(request));
    }

    void anUnknownKeyIsRejectedEvenWithAPassword() {
        AuthRig rig(
            Settings{{"users.0.nkey", kKey}, {"users.1.user", "bob"}, {"users.1.password", "b"}});
        sdk::ConnectRequest request = signedBy(kOther, kOtherSignature);
        request.user = "bob";
        request.password = "b";

        CPPUNIT_ASSERT_EQUAL("reject unknown nkey"s, rig.ask(request));
    }

    // AU-84
    void passwordsWorkBesideNkeys() {
        AuthRig rig(kTwo);

        CPPUNIT_ASSERT_EQUAL("accept bob"s, rig.ask(withPassword("bob", "b")));
        CPPUNIT_ASSERT_EQUAL("abstain unknown user"s, rig.ask(withPassword(kKey, "")));
    }

    void withoutNkeysOthersDecide() {
        AuthRig rig(Settings{{"users.0.user", "bob"}});
        sdk::ConnectRequest request = signedBy(kKey, kSignature);
        request.user = "bob";

        CPPUNIT_ASSERT_EQUAL("accept bob"s, rig.ask(request));
    }

    void keysAndSignaturesOfOpensslVerify() {
        for (int round = 0; round < 20; ++round) {
            const OpensslKey key;
            const std::string nonce = "nonce-" + std::to_string(round);
            AuthRig rig(Settings{{"users.0.nkey", key.publicText()}});
            sdk::ConnectRequest request = withNothing();
            const std::string text = key.publicText();
            const std::string signature = key.sign(nonce);
            request.nkey = text;
            request.signature = signature;
            request.nonce = nonce;

            CPPUNIT_ASSERT_EQUAL("accept " + text, rig.ask(request));
            request.nonce = "nonce-x";
            CPPUNIT_ASSERT_EQUAL("reject Signature not verified"s, rig.ask(request));
        }
    }

    // AU-81
    void everyDamagedKeyIsRefused() {
        CPPUNIT_ASSERT(PublicKey::parse(kKey));
        for (std::size_t i = 0; i < kKey.size(); ++i) {
            std::string damaged = kKey;
            damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
            CPPUNIT_ASSERT_MESSAGE(damaged, !PublicKey::parse(damaged));
            CPPUNIT_ASSERT_MESSAGE(damaged, !PublicKey::parse(kKey.substr(0, i)));
        }
        for (const std::string& wrong :
             {kKey + "A", "u" + kKey.substr(1), kKey.substr(0, 55) + "=",
              // Right in themselves: an account's, a server's, a user's seed.
              "ACCG6BA5U5YZGMKVQOZ3OL7ZUNSTRTCJXCODDSNKM2RLLA5STDL6A26H"s,
              "NCCG6BA5U5YZGMKVQOZ3OL7ZUNSTRTCJXCODDSNKM2RLLA5STDL6BHRT"s,
              "SUAMRROCX66LTNVTWCW2VJ5EUGPJXGEVSKHYZCMGQOAH26TXORYW426RNA"s}) {
            CPPUNIT_ASSERT_MESSAGE(wrong, !PublicKey::parse(wrong));
        }
    }

    void everyDamagedSignatureIsRefused() {
        const auto key = PublicKey::parse(kKey);
        for (std::size_t i = 0; i < kSignature.size(); ++i) {
            std::string damaged = kSignature;
            damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
            const auto parsed = parseSignature(damaged);
            CPPUNIT_ASSERT_MESSAGE(damaged, !parsed || !key->verifies(*parsed, kNonce));
            CPPUNIT_ASSERT_MESSAGE(damaged, !parseSignature(kSignature.substr(0, i)));
        }
        CPPUNIT_ASSERT(!parseSignature(kPadded.substr(0, 87)));
        CPPUNIT_ASSERT(!parseSignature(kSignature + "=="));  // one alphabet or the other
        CPPUNIT_ASSERT(!parseSignature(kPadded.substr(0, 86)));
        CPPUNIT_ASSERT(!parseSignature(kPadded + "\n"));
    }

    // AU-80, OPT-79
    void wrongEntriesAreRefused() {
        const auto assertProblem = [](const std::string& wanted, const Settings& settings) {
            const std::string found = startProblem(settings);
            CPPUNIT_ASSERT_MESSAGE(found, found.find(wanted) != std::string::npos);
        };
        assertProblem("Not a valid public nkey for a user", {{"users.0.nkey", "UAB"}});
        assertProblem("Nkey users do not take usernames or passwords",
                      {{"users.0.nkey", kKey}, {"users.0.user", "bob"}});
        assertProblem("Nkey users do not take usernames or passwords",
                      {{"users.0.nkey", kKey}, {"users.0.password", "b"}});
        assertProblem("Duplicate user \"" + kKey + "\" detected",
                      {{"users.0.nkey", kKey}, {"users.1.nkey", kKey}});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NkeyTest);

}  // namespace gnatsd::tests
