#include "plugins/plugintest/Script.h"

#include "plugins/plugintest/StepReader.h"

#include <Poco/Exception.h>

namespace gnatsd::plugintest {

const char* resultName(Result result) noexcept {
    switch (result) {
        case Result::accept:
            return "accept";
        case Result::reject:
            return "reject";
        case Result::abstain:
            return "abstain";
        case Result::unavailable:
            return "unavailable";
        case Result::fails:
            return "fails";
        case Result::late:
            return "no answer in time";
        case Result::ok:
            return "ok";
        case Result::allowed:
            return "allowed";
        case Result::denied:
            return "denied";
    }
    return "";
}

Script readScript(std::istream& in, const std::string& name, const Variables& variables) {
    Script script;
    script.name = name;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        try {
            const std::vector<Word> words = splitWords(line, variables);
            if (words.empty()) {
                continue;
            }
            Step step = StepReader(words, script.secrets).read();
            step.line = number;
            script.steps.push_back(std::move(step));
        } catch (const Poco::SyntaxException& error) {
            throw Poco::SyntaxException(name + ":" + std::to_string(number) + ": " +
                                        error.message());
        }
    }
    return script;
}

}  // namespace gnatsd::plugintest
