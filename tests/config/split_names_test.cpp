#include <doctest/doctest.h>

#include "config/config.h"

using llmc::config::split_names;
using Names = std::vector<std::string>;

TEST_CASE("several names at once are separated by commas, lines and blanks, each taken once") {
    CHECK(split_names(" a:1,b:2\nc:3  a:1,,") == Names{"a:1", "b:2", "c:3"});
    CHECK(split_names(" , ").empty());
    CHECK(split_names(" my rack , a:1\n\t,", ",\n") == Names{"my rack", "a:1"});
}
