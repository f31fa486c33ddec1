// gnatsd_tls_files FOLDER: the certificates of TlsFiles, and "stranger", a CA that signed none of
// them.

#include "tests/support/TlsFiles.h"

#include <cstdlib>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: gnatsd_tls_files FOLDER\n";
        return EXIT_FAILURE;
    }
    try {
        gnatsd::tests::TlsFiles files(argv[1]);
        files.make("stranger", {.subject = "CN=Stranger", .names = "", .issuer = "stranger"});
    } catch (const std::exception& problem) {
        std::cerr << "gnatsd_tls_files: " << problem.what() << "\n";
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
