// StepReader: the words of one line as a step of a script.
//
// Threads: main only. Lifetime: shorter than the words and the secrets.

#pragma once

#include "kernel/PeerIdentity.h"
#include "plugins/plugintest/Script.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace gnatsd::plugintest {

class StepReader {
public:
    /// What the line has of secrets is added to `secrets`.
    StepReader(std::span<const Word> words, Secrets& secrets) : rest_(words), secrets_(secrets) {}

    /// Throws Poco::SyntaxException: `found X, wanted Y`. It never shows a value.
    Step read();

private:
    const Word& take(const char* wanted);
    bool takeIf(std::string_view keyword);
    bool atArrow() const;

    void readRepeat();
    void readVerb();
    void readConnect();
    void readField(const Word& word, kernel::PeerIdentity& peer);
    void readSettings();
    void readSubject();
    void readExpectation();
    void readResult();
    void readDetail(const Word& word);
    void readAcceptDetail(const Word& word);
    std::string takeName(const char* wanted);
    void show(const Word& word, bool isSecret);

    std::span<const Word> rest_;
    Secrets& secrets_;
    Step step_;
};

}  // namespace gnatsd::plugintest
