// Certificates and settings that change while the server runs (OPT-212), and those that end a start
// (OPT-126, OPT-127).

#include "tests/protocol/TlsRig.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class TlsReloadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsReloadTest);
    CPPUNIT_TEST(reloadReadsTheCertificateAgain);
    CPPUNIT_TEST(changedFilesAreReadWithoutAReload);
    CPPUNIT_TEST(brokenFilesKeepTheOldCertificate);
    CPPUNIT_TEST(reloadWithABrokenFileChangesNothing);
    CPPUNIT_TEST(tlsComesAndGoes);
    CPPUNIT_TEST(verifyComesWithAReload);
    CPPUNIT_TEST(certificateThatExpiresSoonIsTold);
    CPPUNIT_TEST(whatIsMissingEndsTheStart);
    CPPUNIT_TEST_SUITE_END();

    void reloadReadsTheCertificateAgain() {
        TlsServer server(files_);
        TlsClient before(server, files_);
        before.connect();
        files_.make("server", {.subject = "CN=renewed"});
        server.reload("");
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=renewed"), subjectShownBy(server));
        before.ask("PING\r\n", "PONG\r\n");
    }

    void changedFilesAreReadWithoutAReload() {
        TlsServer server(files_);
        // As certificate tools do it: complete files take the place of the old ones.
        files_.make("next", {.subject = "CN=next"});
        fs::rename(files_.pem("next"), files_.pem("server"));
        fs::rename(files_.key("next"), files_.key("server"));
        server.log().expect("certificate files have changed");
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=next"), subjectShownBy(server));
    }

    void brokenFilesKeepTheOldCertificate() {
        TlsServer server(files_);
        writeFile(files_.pem("server"), "no certificate\n");
        server.log().expect(
            "changed certificate files are not used: error parsing X509 "
            "certificate/key pair: ");
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=localhost"), subjectShownBy(server));
    }

    void reloadWithABrokenFileChangesNothing() {
        TlsServer server(files_);
        fs::copy_file(files_.key("client"), files_.key("server"),
                      fs::copy_options::overwrite_existing);
        CPPUNIT_ASSERT_THROW(server.reload(""), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=localhost"), subjectShownBy(server));
    }

    void tlsComesAndGoes() {
        TlsServer server(files_);
        server.reloadPlain();
        TlsClient plain(server, files_);
        CPPUNIT_ASSERT(plain.info().find("\"tls_required\":false") != std::string::npos);
        plain.sendRaw("CONNECT {\"verbose\":false}\r\nBAD\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Unknown Protocol Operation'\r\n"),
                             plain.rawUntilClosed());
        server.reload("");
        TlsClient secure(server, files_);
        CPPUNIT_ASSERT(secure.info().find("\"tls_required\":true") != std::string::npos);
        secure.connect();
    }

    void verifyComesWithAReload() {
        TlsServer server(files_);
        server.reload("verify: true");
        TlsClient none(server, files_, {.highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!none.tryHandshake().empty());
        TlsClient good(server, files_, {.certificate = "client"});
        good.connect();
    }

    void certificateThatExpiresSoonIsTold() {
        files_.make("server", {.daysTo = 20});
        TlsServer server(files_);
        server.log().expectMatch(R"(\[WRN\] tls: the certificate in .* expires in (19|20) days)");
    }

    void whatIsMissingEndsTheStart() {
        endsTheStart("cert_file: \"/nowhere/c.pem\"\nkey_file: \"" + files_.key("server") + "\"",
                     "error parsing X509 certificate/key pair: open /nowhere/c.pem: no such file "
                     "or directory");
        endsTheStart("cert_file: \"" + files_.pem("server") + "\"\nkey_file: \"" +
                         files_.key("client") + "\"",
                     "error parsing X509 certificate/key pair: ");
        writeFile(files_.file("empty"), "");
        endsTheStart("ca_file: \"" + files_.file("empty") + "\"",
                     "failed to parse root ca certificate");
        endsTheStart("cipher_suites: [\"TLS_RSA_WITH_AES_128_GCM_SHA256\"]",
                     "cipher suite \"TLS_RSA_WITH_AES_128_GCM_SHA256\" is insecure");
        endsTheStart(
            "allow_insecure_cipher_suites: true, "
            "cipher_suites: [\"TLS_RSA_WITH_RC4_128_SHA\"]",
            "the TLS library has none of the suites in 'cipher_suites'");
        endsTheStart("cipher_suites: [\"TLS_GREAT\"]", "unrecognized cipher \"TLS_GREAT\"");
        endsTheStart("curve_preferences: [\"round\"]", "unrecognized curve preference \"round\"");
    }

private:
    void endsTheStart(const std::string& block, const std::string& why) {
        try {
            const TlsServer server(files_, block);
        } catch (const Poco::Exception& error) {
            has(error.message(), why);
            return;
        } catch (const std::exception& error) {  // what the options table finds
            has(error.what(), why);
            return;
        }
        CPPUNIT_FAIL("the server starts with " + block);
    }

    static void has(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE(text + "\nwanted: " + part, text.find(part) != std::string::npos);
    }

    std::string subjectShownBy(TlsServer& server) {
        TlsClient client(server, files_);
        client.handshake();
        return client.peerSubject();
    }

    TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsReloadTest);

}  // namespace gnatsd::tests
