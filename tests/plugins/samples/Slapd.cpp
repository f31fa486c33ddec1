#include "tests/plugins/samples/Slapd.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <vector>

namespace gnatsd::tests {

namespace {

constexpr const char* kPeople = R"(dn: dc=example,dc=org
objectClass: domain
dc: example

dn: cn=reader,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: read

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: uid=alice,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: alice
cn: Alice
sn: A
userPassword: secret

dn: uid=Smith\, J,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: Smith, J
cn: John
sn: Smith
userPassword: comma

dn: ou=left,ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: left

dn: ou=right,ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: right

dn: uid=twin,ou=left,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: twin
cn: Twin
sn: T
userPassword: twin

dn: uid=twin,ou=right,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: twin
cn: Twin
sn: T
userPassword: twin
)";

void must(const std::string& program, const std::vector<std::string>& arguments) {
    const Outcome outcome = run(program, arguments);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(program + ":\n" + outcome.output, 0, outcome.status);
}

}  // namespace

std::uint16_t freePort() {
    const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
    return socket.address().port();
}

Slapd::Slapd() : port_(freePort()), tlsPort_(freePort()) {
    makeCertificate();
    makeDatabase();
    start();
}

void Slapd::start() {
    // With -d it stays in the foreground.
    program_ =
        std::make_unique<Program>(std::vector<std::string>{"-d", "0", "-h", url() + " " + tlsUrl(),
                                                           "-f", folder_.file("slapd.conf")},
                                  std::vector<std::string>{}, GNATSD_SLAPD);
    const bool isUp = waitFor([&] {
        try {
            Poco::Net::StreamSocket(Poco::Net::SocketAddress("127.0.0.1", port_));
            Poco::Net::StreamSocket(Poco::Net::SocketAddress("127.0.0.1", tlsPort_));
            return true;
        } catch (const Poco::Net::NetException&) {
            return false;
        }
    });
    CPPUNIT_ASSERT_MESSAGE("slapd does not start", isUp);
}

void Slapd::stop() {
    program_->signal(SIGTERM);
    program_->finish();
    program_.reset();
}

void Slapd::makeCertificate() const {
    must(GNATSD_OPENSSL,
         {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
          "-keyout", folder_.file("key.pem"), "-out", certificate(), "-days", "2", "-subj",
          "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"});
}

void Slapd::makeDatabase() const {
    std::filesystem::create_directory(folder_.path() / "db");
    writeFile(folder_.file("people.ldif"), kPeople);
    writeFile(folder_.file("slapd.conf"),
              "include /etc/ldap/schema/core.schema\n"
              "include /etc/ldap/schema/cosine.schema\n"
              "include /etc/ldap/schema/inetorgperson.schema\n"
              "modulepath /usr/lib/ldap\n"
              "moduleload back_mdb\n"
              "pidfile " +
                  folder_.file("pid") + "\nargsfile " + folder_.file("args") +
                  "\nTLSCertificateFile " + certificate() + "\nTLSCertificateKeyFile " +
                  folder_.file("key.pem") +
                  "\ndatabase mdb\n"
                  "suffix dc=example,dc=org\n"
                  "maxsize 10485760\n"
                  "directory " +
                  folder_.file("db") +
                  "\naccess to attrs=userPassword by anonymous auth by * none\n"
                  "access to * by dn.exact=cn=reader,dc=example,dc=org read by * none\n");
    // The same program: its name decides what it does.
    const std::filesystem::path adder =
        std::filesystem::path(GNATSD_SLAPD).parent_path() / "slapadd";
    must(adder, {"-f", folder_.file("slapd.conf"), "-l", folder_.file("people.ldif")});
}

}  // namespace gnatsd::tests
