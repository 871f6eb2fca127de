// A text to be searched for, with or without regard to case, in time that is linear in the text searched.
//
// Thread contract: a Needle is immutable; a NeedleSearch belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::check {

class Needle {
public:
    Needle(std::string_view utf8, bool ignore_case);

    std::size_t size() const { return code_points_.size(); }

    // Of valid UTF-8. find(): how many code points stand before the first find.
    std::optional<std::size_t> find(std::string_view utf8) const;
    bool starts(std::string_view utf8) const;
    bool ends(std::string_view utf8) const;
    bool equals(std::string_view utf8) const;

private:
    friend class NeedleSearch;
    char32_t fold(char32_t c) const;

    std::vector<char32_t> code_points_;   // folded where case is ignored
    std::vector<std::uint32_t> borders_;  // of Knuth, Morris and Pratt
    bool ignore_case_;
};

// One search through a text that comes code point by code point. The needle must outlive it and is not empty.
class NeedleSearch {
public:
    explicit NeedleSearch(const Needle& needle) : needle_(&needle) {}

    // Whether a find ends with this code point.
    bool feed(char32_t c);

private:
    const Needle* needle_;
    std::size_t matched_ = 0;
};

}  // namespace llmc::check
