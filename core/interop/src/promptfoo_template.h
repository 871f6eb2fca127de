// promptfoo's templates with the values of a test.
//
// Thread contract: one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "import_place.h"

namespace llmc::interop {

inline constexpr std::size_t kMostFilled = std::size_t{256} << 20;  // bytes of all that one configuration's become

// {{ name }} and {{ name.member }}; anything else that a template may say is noted and left as it stands.
class TemplateFiller {
public:
    // `made`: the bytes so far of all that was filled, and of what stands in their place; beyond kMostFilled texts end
    // where they are. All must outlive it.
    TemplateFiller(const base::OrderedJson& values, Notes& notes, std::size_t& made)
        : values_(values), notes_(notes), made_(made) {}

    std::string fill(std::string_view text, const Place& place) const;
    base::OrderedJson fill_within(const base::OrderedJson& value, const Place& place) const;  // all its texts

private:
    std::string value_of(std::string_view expression, std::string_view whole, const Place& place) const;

    const base::OrderedJson& values_;
    Notes& notes_;
    std::size_t& made_;
};

}  // namespace llmc::interop
