// The format of htpasswd files; the hashes are of htpasswd itself, with the password "secret".

#include "plugins/common/CryptVerifier.h"
#include "plugins/htpasswd/UserFile.h"
#include "tests/plugins/Fixtures.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>

namespace gnatsd::tests {

using common::CryptVerifier;
using htpasswd::UserFile;

namespace {

const std::string kBcrypt = "$2y$04$IE19PSpE0SDAFh2J1Y7lDejX/dJuenyXqGdNAlRVOtXH2Cfn/Tvdm";
const std::string kSha256 = "$5$rrtt.mautXlKttEQ$Px7UlxAspibKGm7.YaPSVY1x0ZkmN.5T5jl/KNNI2k0";

}  // namespace

class UserFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UserFileTest);
    CPPUNIT_TEST(linesAreUsers);
    CPPUNIT_TEST(wrongLinesAreNamedWithoutTheirPassword);
    CPPUNIT_TEST(aFileThatEverybodyMayWriteIsRefused);
    CPPUNIT_TEST(theDecoyCostsTheSameAndMatchesNothing);
    CPPUNIT_TEST(hashesAreOfTheWholePassword);
    CPPUNIT_TEST(onlyWholeHashesAreClaimed);
    CPPUNIT_TEST_SUITE_END();

    std::string write(const std::string& text) {
        writeFile(file_, text);
        return file_;
    }

    std::string problemOf(const std::string& text) {
        try {
            UserFile::read(write(text));
        } catch (const Poco::Exception& problem) {
            return problem.message();
        }
        return {};
    }

    void linesAreUsers() {
        const auto users =
            UserFile::read(write("# staff\r\nalice:" + kBcrypt + "\r\n\n#\nbob smith:" + kSha256));

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, users->size());
        CPPUNIT_ASSERT_EQUAL(kBcrypt, std::string(users->find("alice")->text()));
        CPPUNIT_ASSERT_EQUAL(kSha256, std::string(users->find("bob smith")->text()));
        CPPUNIT_ASSERT(users->find("bob") == nullptr);
        CPPUNIT_ASSERT(users->find("# staff") == nullptr);
    }

    void wrongLinesAreNamedWithoutTheirPassword() {
        const std::string good = "alice:" + kBcrypt + "\n";
        const std::string hush = "hush-hush-hush";
        const struct {
            std::string text;
            std::string wanted;
        } kCases[] = {
            {good + "bob:" + hush + "\n", ":2: the password of user \"bob\" is plain text"},
            {good + "bob:{SHA}" + hush + "\n", ":2: the password of user \"bob\" is {SHA}"},
            {good + "bob:$apr1$" + hush + "\n", ":2: the password of user \"bob\" is an MD5 hash"},
            {good + "bob:" + kBcrypt.substr(0, 59) + "\n", "no whole bcrypt hash"},
            {good + "\n" + hush + "\n", ":3: expected NAME:HASH"},
            {":" + hush + "\n", ":1: expected NAME:HASH"},
            {good + good, ":2: user \"alice\" is there twice"},
            {"", ": there is no user"},
        };
        for (const auto& [text, wanted] : kCases) {
            const std::string found = problemOf(text);
            CPPUNIT_ASSERT_MESSAGE(
                found + " for " + wanted,
                found.starts_with(file_) && found.find(wanted) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(found, found.find("hush-") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(found, found.find("$04$") == std::string::npos);
        }
        CPPUNIT_ASSERT_THROW(UserFile::read(folder_.file("none")), Poco::FileException);
    }

    void aFileThatEverybodyMayWriteIsRefused() {
        write("alice:" + kBcrypt + "\n");
        std::filesystem::permissions(file_, std::filesystem::perms::others_write,
                                     std::filesystem::perm_options::add);

        CPPUNIT_ASSERT_THROW(UserFile::read(file_), Poco::DataFormatException);
    }

    void theDecoyCostsTheSameAndMatchesNothing() {
        for (const std::string& hash : {kBcrypt, kSha256}) {
            const auto users = UserFile::read(write("alice:" + hash + "\n"));
            const std::string decoy(users->decoy().text());

            CPPUNIT_ASSERT(decoy != hash);
            CPPUNIT_ASSERT_EQUAL(hash.substr(0, 20), decoy.substr(0, 20));
            CPPUNIT_ASSERT(CryptVerifier().claims(decoy));
            CPPUNIT_ASSERT(!CryptVerifier().verify(decoy, "secret"));
        }
    }

    void hashesAreOfTheWholePassword() {
        const CryptVerifier verifier;
        const std::string zero("secret\0x", 8);

        CPPUNIT_ASSERT(verifier.verify(kBcrypt, "secret"));
        CPPUNIT_ASSERT(!verifier.verify(kBcrypt, "secre"));
        CPPUNIT_ASSERT(!verifier.verify(kBcrypt, "secrets"));
        CPPUNIT_ASSERT(!verifier.verify(kBcrypt, ""));
        CPPUNIT_ASSERT(!verifier.verify(kBcrypt, zero));
        CPPUNIT_ASSERT(!verifier.verify(kBcrypt, std::string(5000, 'x')));
        CPPUNIT_ASSERT(verifier.verify(kSha256, "two"));
        CPPUNIT_ASSERT(!verifier.verify(kSha256, "secret"));
    }

    void onlyWholeHashesAreClaimed() {
        const CryptVerifier verifier;
        for (const std::string& text :
             {std::string(), std::string("secret"), kBcrypt.substr(1), kBcrypt + ".",
              "$2x" + kBcrypt.substr(3), kSha256.substr(0, 40), std::string("$5$"),
              std::string("$6$$"), "$7" + kSha256.substr(2)}) {
            CPPUNIT_ASSERT_MESSAGE(text, !verifier.claims(text));
        }
    }

    TempFolder folder_;
    const std::string file_ = folder_.file("users");
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserFileTest);

}  // namespace gnatsd::tests
