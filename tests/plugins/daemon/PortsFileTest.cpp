#include "plugins/host/daemon/PidFile.h"
#include "plugins/host/daemon/PortsFile.h"

#include <Poco/Exception.h>
#include <Poco/TemporaryFile.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace gnatsd::host;

namespace {

std::string contentOf(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

template <class Action>
std::string refusalOf(Action action) {
    try {
        action();
    } catch (const Poco::FileException& error) {
        return error.message();
    }
    return "accepted";
}

}  // namespace

class PortsFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PortsFileTest);
    CPPUNIT_TEST(theFileIsNamedAfterProgramAndPidAndListsTheUrls);
    CPPUNIT_TEST(theFileIsGoneAfterTheServer);
    CPPUNIT_TEST(withoutDirectoryNothingIsWritten);
    CPPUNIT_TEST(aMissingDirectoryIsNamed);
    CPPUNIT_TEST(theFileMovesWhenItsDirectoryChanges);
    CPPUNIT_TEST(aMoveThatFailsLeavesTheFile);
    CPPUNIT_TEST(thePidFileHoldsNothingButThePid);
    CPPUNIT_TEST(anUnwritablePidFileIsNamed);
    CPPUNIT_TEST(aFullDiskUnderThePidFileIsNamed);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::filesystem::create_directory(directory_); }
    void tearDown() override { std::filesystem::remove_all(directory_); }

private:
    void theFileIsNamedAfterProgramAndPidAndListsTheUrls() {
        PortsFile file(directory_, "/opt/bin/gnatsd");
        file.write({"nats://127.0.0.1:4222", "nats://[::1]:4222"});

        CPPUNIT_ASSERT_EQUAL(directory_ + "/gnatsd_" + std::to_string(::getpid()) + ".ports",
                             file.path());
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"nats":["nats://127.0.0.1:4222","nats://[::1]:4222"]})"),
            contentOf(file.path()));
        CPPUNIT_ASSERT_EQUAL(1, entries());
    }

    void theFileIsGoneAfterTheServer() {
        {
            PortsFile file(directory_, "gnatsd");
            file.write({"nats://127.0.0.1:4222"});
            CPPUNIT_ASSERT_EQUAL(1, entries());
        }
        CPPUNIT_ASSERT_EQUAL(0, entries());
    }

    void withoutDirectoryNothingIsWritten() {
        PortsFile file("", "gnatsd");
        file.write({"nats://127.0.0.1:4222"});

        CPPUNIT_ASSERT_EQUAL(std::string(), file.path());
    }

    void aMissingDirectoryIsNamed() {
        PortsFile file(directory_ + "/none", "gnatsd");

        CPPUNIT_ASSERT_EQUAL(
            "Error writing ports file (" + file.path() + "): no such file or directory",
            refusalOf([&] { file.write({}); }));
    }

    void theFileMovesWhenItsDirectoryChanges() {
        const std::string other = directory_ + "/other";
        std::filesystem::create_directory(other);
        PortsFile file(directory_, "gnatsd");
        file.write({"nats://127.0.0.1:4222"});
        const std::string before = file.path();

        file.moveTo(other, {"nats://127.0.0.1:4223"});
        CPPUNIT_ASSERT(!std::filesystem::exists(before));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"nats":["nats://127.0.0.1:4223"]})"),
                             contentOf(file.path()));
        CPPUNIT_ASSERT(file.path().starts_with(other + "/"));
        file.moveTo(other, {"nats://127.0.0.1:4224"});
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"nats":["nats://127.0.0.1:4224"]})"),
                             contentOf(file.path()));
        file.moveTo("", {});
        CPPUNIT_ASSERT(std::filesystem::is_empty(other));
    }

    void aMoveThatFailsLeavesTheFile() {
        PortsFile file(directory_, "gnatsd");
        file.write({"nats://127.0.0.1:4222"});

        CPPUNIT_ASSERT(refusalOf([&] {
                           file.moveTo(directory_ + "/none", {});
                       }).ends_with(": no such file or directory"));
        CPPUNIT_ASSERT(std::filesystem::exists(file.path()));
        file.remove();
        CPPUNIT_ASSERT_EQUAL(0, entries());
    }

    void thePidFileHoldsNothingButThePid() {
        const std::string path = directory_ + "/pid";
        const mode_t before = ::umask(022);
        writePidFile(path);
        ::umask(before);

        struct stat status = {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(path.c_str(), &status));
        CPPUNIT_ASSERT_EQUAL(0640U, status.st_mode & 0777U);

        std::ofstream(path) << "a longer text of an earlier run";
        writePidFile(path);
        CPPUNIT_ASSERT_EQUAL(std::to_string(::getpid()), contentOf(path));
    }

    void anUnwritablePidFileIsNamed() {
        const std::string path = directory_ + "/none/pid";

        CPPUNIT_ASSERT_EQUAL(
            "Could not write pidfile: open " + path + ": no such file or directory",
            refusalOf([&] { writePidFile(path); }));
    }

    void aFullDiskUnderThePidFileIsNamed() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("Could not write pidfile: write /dev/full: no space left on device"),
            refusalOf([&] { writePidFile("/dev/full"); }));
    }

    int entries() const {
        const std::filesystem::directory_iterator first(directory_);
        return static_cast<int>(std::distance(first, std::filesystem::directory_iterator()));
    }

    const std::string directory_ = Poco::TemporaryFile::tempName();
};

CPPUNIT_TEST_SUITE_REGISTRATION(PortsFileTest);
