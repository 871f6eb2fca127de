#include "gui/fuzzy.h"

#include <string>

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

TEST_CASE("the letters of a query are found in their order, whatever stands between them and whatever their case") {
    CHECK(fuzzy_score("es", "Export session"));
    CHECK(fuzzy_score("EXPSES", "export session"));
    CHECK(fuzzy_score("", "anything") == 0);
    CHECK(fuzzy_score("  ", "anything") == 0);
    CHECK_FALSE(fuzzy_score("se", "es"));
    CHECK_FALSE(fuzzy_score("exportx", "Export session"));
    CHECK_FALSE(fuzzy_score("a", ""));
}

TEST_CASE("words may stand in any order, and each has to be there") {
    CHECK(fuzzy_score("session export", "Export session"));
    CHECK_FALSE(fuzzy_score("session import", "Export session"));
}

TEST_CASE("letters of other scripts are folded too") {
    CHECK(fuzzy_score("мод", "Открыть Модель"));
    CHECK(fuzzy_score("ÜB", "über"));
}

TEST_CASE("beginnings of words and letters in a row count more") {
    CHECK(fuzzy_score("rl", "Reset layout") > fuzzy_score("rl", "Export all"));
    CHECK(fuzzy_score("grid", "Grid") > fuzzy_score("grid", "Long road is dark"));
    CHECK(fuzzy_score("log", "Log") > fuzzy_score("log", "Long orange"));
    // The best way to find it, not the first.
    CHECK(fuzzy_score("dark", "Standard: Dark theme") > fuzzy_score("dark", "Standard ark"));
}

}  // namespace
}  // namespace llmc::gui
