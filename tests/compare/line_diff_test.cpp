#include "compare/line_diff.h"

#include <doctest/doctest.h>

using llmc::compare::unified_diff;

TEST_CASE("equal texts have no difference") {
    CHECK(unified_diff("", "", "a", "b").empty());
    CHECK(unified_diff("x\n", "x\n", "a", "b").empty());
}

TEST_CASE("differences stand with three lines around them, and those that are near in one piece") {
    CHECK(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n", "old", "new") ==
          "--- old\n+++ new\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10\n");
    CHECK(unified_diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n", "old", "new") ==
          "--- old\n+++ new\n@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n");
    CHECK(unified_diff("", "x\n", "old", "new") == "--- old\n+++ new\n@@ -0,0 +1 @@\n+x\n");
    CHECK(unified_diff("x\n", "", "old", "new") == "--- old\n+++ new\n@@ -1 +0,0 @@\n-x\n");
}

TEST_CASE("a line end that differs or is missing is a difference") {
    CHECK(unified_diff("x", "x\n", "old", "new") ==
          "--- old\n+++ new\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
    CHECK(unified_diff("x\r\n", "x\n", "old", "new") == "--- old\n+++ new\n@@ -1 +1 @@\n-x\r\n+x\n");
}
