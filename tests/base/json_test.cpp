#include "base/json.h"

#include <string>

#include <doctest/doctest.h>

using namespace llmc;
using base::Json;

namespace {

std::string nested(std::size_t levels, char open, char close) {
    return std::string(levels, open) + std::string(levels, close);
}

}  // namespace

TEST_CASE("JSON text becomes a document, and what is no JSON an error that names the byte") {
    CHECK(base::parse_json(R"({"a":[1,2.5,true,null,"x"]})").value() ==
          Json{{"a", Json::array({1, 2.5, true, nullptr, "x"})}});
    CHECK(base::parse_json("\xEF\xBB\xBF 7 ").value() == Json(7));

    struct Case {
        const char* text;
        const char* words;
    };
    for (const Case& c :
         {Case{"", "byte 1"}, Case{"{", "byte 2"}, Case{R"({"a":1} x)", "byte 9"}, Case{R"({"a":})", "byte 6"},
          Case{"NaN", "byte 1"}, Case{"1e999", "number overflow"}, Case{R"(["\x"])", "byte 4"}}) {
        CAPTURE(c.text);
        const auto result = base::parse_json(c.text);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().kind == ErrorKind::parse);
        CAPTURE(result.error().message);
        CHECK(result.error().message.find(c.words) != std::string::npos);
        CHECK(result.error().message.find("json.exception") == std::string::npos);
    }
}

TEST_CASE("an error's words stay short however long the damaged text is") {
    const auto result = base::parse_json("[\"" + std::string(1 << 20, 'x'));
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.size() < 500);
}

TEST_CASE("invalid UTF-8 and lone surrogates become U+FFFD instead of an error") {
    struct Case {
        const char* text;
        const char* value;
    };
    for (const Case& c :
         {Case{"\"a\xFFz\"", "a\uFFFDz"}, Case{R"("\ud83d")", "\uFFFD"}, Case{R"("\uDE00")", "\uFFFD"},
          Case{R"("\ud83d\ude00")", "\U0001F600"}, Case{R"("\ud83d\ud83d\ude00")", "\uFFFD\U0001F600"},
          Case{R"("\\ud83d")", "\\ud83d"}, Case{R"("\\\ud83d!")", "\\\uFFFD!"}, Case{R"("\ud83dx")", "\uFFFDx"}}) {
        CAPTURE(c.text);
        const auto result = base::parse_json(c.text);
        REQUIRE(result.ok());
        CHECK(result.value().get<std::string>() == c.value);
    }
}

TEST_CASE("nesting beyond the limit is refused, also by the hundred thousand") {
    CHECK(base::parse_json(nested(64, '[', ']')).ok());
    CHECK(base::parse_json(nested(65, '[', ']')).error().kind == ErrorKind::limit);
    CHECK(base::parse_ordered_json(nested(65, '[', ']')).error().kind == ErrorKind::limit);
    CHECK(base::parse_json_with_lines(nested(65, '[', ']')).error().kind == ErrorKind::limit);
    CHECK(base::parse_json(std::string(100'000, '[')).error().kind == ErrorKind::limit);
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
    CHECK(base::parse_json(objects).error().kind == ErrorKind::limit);
    CHECK(base::parse_json("[[1]]", 1).error().kind == ErrorKind::limit);
}

TEST_CASE("a repeated key keeps the last value, in its first place where order is kept") {
    CHECK(base::parse_json(R"({"a":1,"b":2,"a":3})").value() == Json{{"a", 3}, {"b", 2}});
    CHECK(base::dump_json(base::parse_ordered_json(R"({"z":1,"b":2,"z":{"y":3,"x":4}})").value()) ==
          R"({"z":{"y":3,"x":4},"b":2})");
}

// What grew with the square of it would take hours: the time limit of the test ends it.
TEST_CASE("an object of very many keys is read in linear time") {
    std::string text = "{";
    for (int i = 0; i < 500'000; ++i) text += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
    text += "}";
    CHECK(base::parse_ordered_json(text).value().size() == 500'000);
    CHECK(base::parse_json_with_lines(text).value().root.size() == 500'000);
}

TEST_CASE("every key and element knows its line") {
    const auto document = base::parse_json_with_lines(
        "{\n"
        "  \"servers\": [\n"
        "    \"a\",\n"
        "    {\"url\": \"b\",\n"
        "     \"n\":\n"
        "       5\n"
        "    }, 1\n"
        "    , 2\n"
        "  ],\r\n"
        "  \"x/y~z\": {}\n"
        "}\n");
    REQUIRE(document.ok());
    struct Case {
        const char* pointer;
        int line;
    };
    for (const Case& c :
         {Case{"", 1}, Case{"/servers", 2}, Case{"/servers/0", 3}, Case{"/servers/1", 4}, Case{"/servers/1/url", 4},
          Case{"/servers/1/n", 5}, Case{"/servers/2", 7}, Case{"/servers/3", 8}, Case{"/x~1y~0z", 10},
          Case{"/servers/1/nothing/here", 4}, Case{"/nothing", 1}}) {
        CAPTURE(c.pointer);
        CHECK(document.value().line_of(c.pointer) == c.line);
    }
    CHECK(base::JsonWithLines{}.line_of("/a") == 0);
    CHECK(document.value().root["servers"][1]["n"] == 5);
}

TEST_CASE("errors of a file begin with their line") {
    struct Case {
        const char* text;
        const char* start;
    };
    for (const Case& c : {Case{"{\n\"a\": 1,\n}", "line 3: "}, Case{"{\n\"a\": 1\n\"b\": 2}", "line 3: "},
                          Case{"{\"a\":1,\n\n\"a\":2}", "line 3: the key \"a\" stands twice"}, Case{"", "line 1: "},
                          Case{"{\n\n", "line 1: "}}) {
        CAPTURE(c.text);
        const auto result = base::parse_json_with_lines(c.text);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().kind == ErrorKind::parse);
        CAPTURE(result.error().message);
        CHECK(result.error().message.starts_with(c.start));
    }
}

TEST_CASE("pointers of a document do not grow far beyond the document") {
    const std::string text = "{\"" + std::string(1 << 20, 'k') + "\":[" + [] {
        std::string elements = "0";
        for (int i = 0; i < 5'000; ++i) elements += ",\n0";
        return elements;
    }() + "]}";
    const auto document = base::parse_json_with_lines(text);
    REQUIRE(document.ok());
    std::size_t bytes = 0;
    for (const auto& [pointer, line] : document.value().lines) bytes += pointer.size();
    CHECK(bytes < (std::size_t{80} << 20));
    CHECK(document.value().line_of("/" + std::string(1 << 20, 'k') + "/4999") == 1);  // the parent's
}

TEST_CASE("what is written is valid UTF-8 and can be read again") {
    CHECK(base::dump_json(Json{{"a", "x\xFFy"}}) == "{\"a\":\"x\uFFFDy\"}");
    CHECK(base::dump_json(base::OrderedJson{{"b", 1}, {"a", "é"}}, 2) == "{\n  \"b\": 1,\n  \"a\": \"é\"\n}");
}

TEST_CASE("typed getters give nothing for what is missing or of another type") {
    const Json object = base::parse_json(R"({"s":"x","i":7,"f":7.5,"w":7.0,"b":true,"n":null,
                                             "big":18446744073709551615,"huge":1e300,"neg":-3})")
                            .value();
    CHECK(base::get_string(object, "s") == "x");
    CHECK_FALSE(base::get_string(object, "i"));
    CHECK_FALSE(base::get_string(object, "n"));
    CHECK_FALSE(base::get_string(object, "nothing"));
    CHECK_FALSE(base::get_string(Json("text"), "s"));
    CHECK(base::get_int(object, "i") == 7);
    CHECK(base::get_int(object, "w") == 7);
    CHECK(base::get_int(object, "neg") == -3);
    for (const char* key : {"f", "big", "huge", "s", "n", "b"}) CHECK_FALSE(base::get_int(object, key));
    CHECK(base::get_number(object, "f") == 7.5);
    CHECK(base::get_number(object, "i") == 7.0);
    CHECK_FALSE(base::get_number(object, "s"));
    CHECK(base::get_bool(object, "b") == true);
    CHECK_FALSE(base::get_bool(object, "i"));
    CHECK(base::find(object, "n") != nullptr);
    CHECK(base::find(Json::array(), "n") == nullptr);
}
