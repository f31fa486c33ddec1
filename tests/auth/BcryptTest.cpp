// auth/bcrypt against hashes that other programs made: the two original servers' tests (AU-12),
// Go's bcrypt, and the vectors of its first C implementation.

#include "auth/bcrypt/Bcrypt.h"
#include "auth/common/BcryptForm.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tests {

namespace bcrypt = auth::bcrypt;
using namespace std::string_literals;

namespace {

struct Vector {
    std::string hash;
    std::string password;
};

const std::vector<Vector>& vectors() {
    static const std::vector<Vector> kVectors{
        // AU-12
        {"$2a$04$Q.CgCP2Sl9pkcTXEZHazaeMwPaAkSHk7AI51HkyMt5iJQQyUA4qxq", "IW@$6v(y1(t@fhPDvf!5^%"},
        {"$2b$04$Q.CgCP2Sl9pkcTXEZHazaeMwPaAkSHk7AI51HkyMt5iJQQyUA4qxq", "IW@$6v(y1(t@fhPDvf!5^%"},
        {"$2x$04$Q.CgCP2Sl9pkcTXEZHazaeMwPaAkSHk7AI51HkyMt5iJQQyUA4qxq", "IW@$6v(y1(t@fhPDvf!5^%"},
        {"$2y$04$Q.CgCP2Sl9pkcTXEZHazaeMwPaAkSHk7AI51HkyMt5iJQQyUA4qxq", "IW@$6v(y1(t@fhPDvf!5^%"},
        {"$2a$04$u5ZClXpcjHgpfc61Ee0VKuwI1K3vTC4zq7SjphjnlHMeb1Llkb5Y6", "0uhJOSr3GW7xvHvtd^K6pa"},
        {"$2a$10$UHR6GhotWhpLsKtVP0/i6.Nh9.fuY73cWjLoJjb2sKT8KISBcUW5q", "foo"},
        // The first C implementation: padding, the length of 72, bytes above 127.
        {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
        {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"},
        {"$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U"},
        {"$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
         "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 "
         "are ignored"},
        {"$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\xa3"},
        {"$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\xa3"},
        {"$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\xa3"},
        {"$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", "\xa3"},
        {"$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", "\xff\xff\xa3"},
        {"$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", "\xff\xff\xa3"},
        // Go, where `$2a$` is the plain algorithm for every password.
        {"$2a$04$XrRmbgBF0emUrijPaAV9k.JlPdykuHNF6q285NbVwCMC5H4fASf4W", "\xff\xff\xa3"},
        {"$2a$04$fyTs8H8/J47bxDW8.2dFfuXdbwbRoGozec1fZcC4tXvxq9bPRTCOu", "\xa3"},
        {"$2a$04$uxm/EgxQUwTIUh428uY.KeH71p3Ji6rgYiH9yaRhgJon4gDCv.n.W",
         "\xff\xa3"
         "34\xff\xff\xff\xa3"
         "345"},
        {"$2a$04$cLsJIhv2mV2TUN81IDa7meBnLoJftFHL603h1gQsVXrFS8sDfceMa",
         "\xc3\xbc"
         "ber\xe2\x82\xac pa\xc3\x9f"},
        {"$2a$04$uWjci7smwNozkUrK3/U7ouPgtbHJhVOrqdBHRbWRUO16vLd5Kzdc2", ""},
        {"$2a$04$WFbQL3G5M/gR37mmkrWuz.DeNgTrro1jzeKoqXAyDxkCYMHQ/3p5m",
         "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    };
    return kVectors;
}

}  // namespace

class BcryptTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BcryptTest);
    CPPUNIT_TEST(hashesOfOthersVerify);
    CPPUNIT_TEST(wrongPasswordsDoNot);
    CPPUNIT_TEST(theHashIsNotThePassword);
    CPPUNIT_TEST(aZeroByteDoesNotCutThePassword);
    CPPUNIT_TEST(ownHashesVerify);
    CPPUNIT_TEST(twoHashesOfOnePasswordDiffer);
    CPPUNIT_TEST(whatCannotBeHashedIsRefused);
    CPPUNIT_TEST(damagedHashesAreToldFromWholeOnes);
    CPPUNIT_TEST(severalThreadsVerifyAtOnce);
    CPPUNIT_TEST_SUITE_END();

private:
    void hashesOfOthersVerify() {
        for (const Vector& vector : vectors()) {
            CPPUNIT_ASSERT_MESSAGE(vector.hash, auth::common::isWholeBcrypt(vector.hash));
            CPPUNIT_ASSERT_MESSAGE(vector.hash, bcrypt::verify(vector.hash, vector.password));
        }
    }

    void wrongPasswordsDoNot() {
        for (const Vector& vector : vectors()) {
            if (vector.password.size() >= bcrypt::kMaxPassword) {
                continue;  // bytes behind these do not count
            }
            CPPUNIT_ASSERT_MESSAGE(vector.hash,
                                   !bcrypt::verify(vector.hash, vector.password + "x"));
            CPPUNIT_ASSERT_MESSAGE(vector.hash,
                                   !bcrypt::verify(vector.hash, "x" + vector.password));
        }
        CPPUNIT_ASSERT(!bcrypt::verify(vectors()[0].hash, ""));
        CPPUNIT_ASSERT(!bcrypt::verify(
            "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", "\xa3"));
    }

    void theHashIsNotThePassword() {
        for (const Vector& vector : vectors()) {
            CPPUNIT_ASSERT_MESSAGE(vector.hash, !bcrypt::verify(vector.hash, vector.hash));
        }
    }

    void aZeroByteDoesNotCutThePassword() {
        const std::string hash = bcrypt::hash("secret", 4);

        CPPUNIT_ASSERT(bcrypt::verify(hash, "secret"));
        CPPUNIT_ASSERT(!bcrypt::verify(hash, "secret\0"s));
        CPPUNIT_ASSERT(!bcrypt::verify(hash, "secret\0more"s));
        CPPUNIT_ASSERT(!bcrypt::verify(bcrypt::hash("", 4), "\0"s));
    }

    void ownHashesVerify() {
        for (const std::string& password : {""s, "a"s, "\xff\xff\xa3"s, std::string(72, 'x')}) {
            const std::string hash = bcrypt::hash(password, 5);

            CPPUNIT_ASSERT_EQUAL("$2a$05$"s, hash.substr(0, 7));
            CPPUNIT_ASSERT_EQUAL(std::size_t{60}, hash.size());
            CPPUNIT_ASSERT_MESSAGE(password, bcrypt::verify(hash, password));
        }
    }

    void twoHashesOfOnePasswordDiffer() {
        CPPUNIT_ASSERT(bcrypt::hash("foo", 4) != bcrypt::hash("foo", 4));
    }

    void whatCannotBeHashedIsRefused() {
        CPPUNIT_ASSERT_THROW(bcrypt::hash("foo", 3), Poco::InvalidArgumentException);
        CPPUNIT_ASSERT_THROW(bcrypt::hash("foo", 32), Poco::InvalidArgumentException);
        CPPUNIT_ASSERT_THROW(bcrypt::hash(std::string(73, 'x'), 4), Poco::InvalidArgumentException);
        CPPUNIT_ASSERT_THROW(bcrypt::hash("a\0b"s, 4), Poco::InvalidArgumentException);
    }

    void damagedHashesAreToldFromWholeOnes() {
        const std::string whole = vectors()[0].hash;
        for (std::size_t size = 7; size < whole.size(); ++size) {
            const std::string cut = whole.substr(0, size);
            CPPUNIT_ASSERT_MESSAGE(cut, auth::common::looksLikeBcrypt(cut));
            CPPUNIT_ASSERT_MESSAGE(cut, !auth::common::isWholeBcrypt(cut));
            CPPUNIT_ASSERT_MESSAGE(cut, !bcrypt::verify(cut, vectors()[0].password));
        }
        for (const std::string& other : {"$2a$03$"s + whole.substr(7), "$2a$32$"s + whole.substr(7),
                                         whole + "x", whole.substr(0, 59) + "!"}) {
            CPPUNIT_ASSERT_MESSAGE(other, !auth::common::isWholeBcrypt(other));
        }
        for (const std::string& plain :
             {""s, "$"s, "$2"s, "$2a$"s, "$2a$1"s, "$2c$10$abc"s, "$2a$xx$abc"s, "$2a$10abc"s}) {
            CPPUNIT_ASSERT_MESSAGE(plain, !auth::common::looksLikeBcrypt(plain));
        }
    }

    void severalThreadsVerifyAtOnce() {
        std::vector<std::thread> threads;
        std::vector<int> wrong(4, 0);
        for (std::size_t number = 0; number < wrong.size(); ++number) {
            threads.emplace_back([&, number] {
                for (int round = 0; round < 10; ++round) {
                    const Vector& vector =
                        vectors()[(number + static_cast<std::size_t>(round)) % 4];
                    wrong[number] += bcrypt::verify(vector.hash, vector.password) ? 0 : 1;
                    wrong[number] += bcrypt::verify(vector.hash, "other") ? 1 : 0;
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }

        for (const int count : wrong) {
            CPPUNIT_ASSERT_EQUAL(0, count);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BcryptTest);

}  // namespace gnatsd::tests
