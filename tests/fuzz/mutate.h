// Changes an input a little: for a fixed number of tries without libFuzzer. The same seed gives the same changes.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::fuzz {

class Mutator {
public:
    explicit Mutator(std::vector<std::string> seeds, unsigned seed) : seeds_(std::move(seeds)), random_(seed) {}

    std::string next() {
        std::string input = any_seed();
        for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(input);
        return input;
    }

private:
    std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
    const std::string& any_seed() { return seeds_[below(seeds_.size())]; }

    void change(std::string& input) {
        using namespace std::string_view_literals;
        constexpr std::string_view kSigns = "\0\t\n\r \"#&',-0:;<=>@[\\]`{|}~\x7f\x80\xbf\xc2\xe2\xed\xf0\xff"sv;
        const std::size_t at = below(input.size() + 1),
                          length = below(1 + std::min<std::size_t>(input.size() - at, 64));
        switch (below(8)) {
            case 0: input.resize(at); break;
            case 1: input.erase(at, length); break;
            case 2: input.insert(at, input.substr(at, length)); break;
            case 3: input.insert(at, 1, kSigns[below(kSigns.size())]); break;
            case 4: input.insert(at, 1 + below(300), kSigns[below(kSigns.size())]); break;
            case 5: {
                const std::string& other = any_seed();
                input.insert(at, other.substr(below(other.size()), below(200)));
                break;
            }
            case 6:
                if (at < input.size()) input[at] = kSigns[below(kSigns.size())];
                break;
            default:
                if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        }
    }

    std::vector<std::string> seeds_;
    std::mt19937 random_;
};

}  // namespace llmc::fuzz
