#include "plugins/plugintest/Words.h"

#include <Poco/Exception.h>

#include <utility>

namespace gnatsd::plugintest {

namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

char escaped(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        default:
            return c;
    }
}

class Lexer {
public:
    Lexer(std::string_view line, const Variables& variables) : rest_(line), variables_(variables) {}

    std::optional<Word> next() {
        while (!rest_.empty() && isBlank(rest_.front())) {
            rest_.remove_prefix(1);
        }
        if (rest_.empty() || rest_.front() == '#') {
            return std::nullopt;
        }
        word_ = {};
        equals_.reset();
        const std::string_view begin = rest_;
        bool quoted = false;
        while (!rest_.empty() && (quoted || !isBlank(rest_.front()))) {
            take(quoted);
        }
        if (quoted) {
            throw Poco::SyntaxException(
                "found no end of a quote (\"), wanted one in the same line");
        }
        word_.source = begin.substr(0, begin.size() - rest_.size());
        word_.equals = equals_.value_or(word_.text.size());
        return std::move(word_);
    }

private:
    char pop() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    void take(bool& quoted) {
        const char c = pop();
        if (c == '"') {
            quoted = !quoted;
            word_.isPlain = false;
        } else if (c == '\\' && !rest_.empty()) {
            word_.text += escaped(pop());
            word_.isPlain = false;
        } else if (c == '$' && rest_.starts_with('{')) {
            takeVariable();
        } else {
            if (c == '=' && !quoted && !equals_) {
                equals_ = word_.text.size();
            }
            word_.text += c;
        }
    }

    void takeVariable() {
        const std::size_t end = rest_.find('}');
        if (end == std::string_view::npos) {
            throw Poco::SyntaxException("found ${ without }, wanted the name of a variable");
        }
        const std::string name(rest_.substr(1, end - 1));
        rest_.remove_prefix(end + 1);
        const std::optional<std::string> value = variables_(name);
        if (!value) {
            throw Poco::SyntaxException("found the variable " + name +
                                        ", wanted one that the environment has");
        }
        word_.text += *value;
        word_.isPlain = false;
        word_.hasVariable = true;
    }

    std::string_view rest_;
    const Variables& variables_;
    Word word_;
    std::optional<std::size_t> equals_;
};

}  // namespace

std::vector<Word> splitWords(std::string_view line, const Variables& variables) {
    std::vector<Word> words;
    Lexer lexer(line, variables);
    while (std::optional<Word> word = lexer.next()) {
        words.push_back(std::move(*word));
    }
    return words;
}

}  // namespace gnatsd::plugintest
