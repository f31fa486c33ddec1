// Random: numbers from a seed that a failure message can name.
//
// Threads: confined.

#pragma once

#include <random>
#include <string>

namespace gnatsd::tests {

class Random {
public:
    Random() : seed_(std::random_device()()), engine_(seed_) {}
    explicit Random(unsigned seed) : seed_(seed), engine_(seed) {}

    /// 0 to bound - 1.
    unsigned below(unsigned bound) {
        return std::uniform_int_distribution<unsigned>(0, bound - 1)(engine_);
    }

    std::string seed() const { return "seed " + std::to_string(seed_); }

private:
    const unsigned seed_;
    std::mt19937 engine_;
};

}  // namespace gnatsd::tests
