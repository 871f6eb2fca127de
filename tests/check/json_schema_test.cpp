#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;

namespace {

bool fits(const std::string& schema, std::string json) {
    for (char& c : json)
        if (c == '\'') c = '"';
    return result_of(check_of("{'type':'json_schema','value':" + schema + "}"), answer_of(json)).passed;
}

double seconds(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("JSON Schema: what fits and what does not") {
    struct Case {
        std::string schema;
        std::vector<std::string> good, bad;
    };
    const Case cases[] = {
        {"true", {"1", "null", "{}"}, {}},
        {"false", {}, {"1", "null", "{}"}},
        {"{}", {"1", "[]"}, {}},
        {"{'type':'integer'}", {"1", "1.0", "-5"}, {"1.5", "'1'", "true", "null"}},
        {"{'type':'number'}", {"1", "1.5"}, {"'1'", "true"}},
        {"{'type':['string','null']}", {"'x'", "null"}, {"1", "{}"}},
        {"{'type':'boolean'}", {"true", "false"}, {"0", "'true'"}},
        {"{'type':'array'}", {"[]"}, {"{}", "''"}},
        {"{'type':'object'}", {"{}"}, {"[]", "null"}},
        {"{'const':{'a':[1,2]}}", {"{'a':[1,2]}", "{'a':[1.0,2]}"}, {"{'a':[2,1]}", "{}"}},
        {"{'enum':['a',1,null,[]]}", {"'a'", "1", "1.0", "null", "[]"}, {"'b'", "2", "false", "0", "{}", "''"}},
        {"{'const':false}", {"false"}, {"0", "null"}},
        {"{'minimum':1,'maximum':3}", {"1", "3", "2.5", "'x'"}, {"0.9", "4"}},
        {"{'exclusiveMinimum':1,'exclusiveMaximum':3}", {"2"}, {"1", "3"}},
        {"{'multipleOf':3}", {"9", "0", "-3", "9.0", "'x'"}, {"10", "9.5"}},
        {"{'multipleOf':0.1}", {"0.3", "1", "1.1"}, {"0.35"}},
        {"{'minLength':2,'maxLength':3}", {"'äö'", "'äöü'", "5"}, {"'ä'", "'äöüß'"}},
        {"{'pattern':'^a+$'}", {"'aaa'", "5"}, {"'b'", "'ab'"}},
        {"{'pattern':'b'}", {"'abc'"}, {"'ac'"}},
        {"{'items':{'type':'string'}}", {"[]", "['a']", "5"}, {"[1]", "['a',1]"}},
        {"{'items':[{'type':'string'},{'type':'number'}]}", {"['a',1]", "['a']", "['a',1,true]"}, {"[1]", "['a','b']"}},
        {"{'items':[{'type':'string'}],'additionalItems':false}", {"['a']", "[]"}, {"['a',1]"}},
        {"{'items':[{'type':'string'}],'additionalItems':{'type':'number'}}", {"['a',1,2]"}, {"['a',1,'b']"}},
        {"{'minItems':1,'maxItems':2}", {"[1]", "[1,2]", "'x'"}, {"[]", "[1,2,3]"}},
        {"{'uniqueItems':true}", {"[1,2,'1']", "[[1],[2]]", "[true,1]"}, {"[1,2,1]", "[1,1.0]", "[{'a':1},{'a':1}]"}},
        {"{'uniqueItems':false}", {"[1,1]"}, {}},
        {"{'contains':{'type':'number'}}", {"['a',1]", "'x'"}, {"['a']", "[]"}},
        {"{'required':['a','b']}", {"{'a':1,'b':null}", "[]"}, {"{'a':1}", "{}"}},
        {"{'properties':{'a':{'type':'number'}}}", {"{'a':1}", "{'b':'x'}", "{}"}, {"{'a':'x'}"}},
        {"{'properties':{'a':true},'additionalProperties':false}", {"{'a':1}", "{}"}, {"{'b':1}", "{'a':1,'b':1}"}},
        {"{'additionalProperties':{'type':'number'}}", {"{'a':1}"}, {"{'a':1,'b':'x'}"}},
        {"{'patternProperties':{'^n_':{'type':'number'}}}", {"{'n_a':1,'b':'x'}"}, {"{'n_a':'x'}"}},
        {"{'patternProperties':{'^n_':true},'properties':{'a':true},'additionalProperties':false}",
         {"{'n_a':1,'a':2}", "{}"},
         {"{'n_a':1,'b':2}"}},
        {"{'propertyNames':{'pattern':'^[a-z]+$'}}", {"{'abc':1}", "{}"}, {"{'aB':1}"}},
        {"{'propertyNames':{'maxLength':2}}", {"{'äö':1}"}, {"{'äöü':1}"}},
        {"{'propertyNames':false}", {"{}"}, {"{'a':1}"}},
        {"{'minProperties':1,'maxProperties':2}", {"{'a':1}"}, {"{}", "{'a':1,'b':2,'c':3}"}},
        {"{'dependencies':{'a':['b']}}", {"{'a':1,'b':1}", "{'c':1}"}, {"{'a':1}"}},
        {"{'dependencies':{'a':{'required':['c']}}}", {"{'a':1,'c':1}", "{}"}, {"{'a':1}"}},
        {"{'allOf':[{'minimum':1},{'maximum':2}]}", {"1.5"}, {"0", "3"}},
        {"{'anyOf':[{'type':'string'},{'minimum':5}]}", {"'x'", "5"}, {"4"}},
        {"{'oneOf':[{'multipleOf':2},{'multipleOf':3}]}", {"2", "3"}, {"6", "5"}},
        {"{'not':{'type':'string'}}", {"1"}, {"'x'"}},
        {"{'not':{'not':{'type':'string'}}}", {"'x'"}, {"1"}},
        {"{'if':{'minimum':10},'then':{'multipleOf':10},'else':{'multipleOf':3}}", {"20", "9"}, {"15", "8"}},
        {"{'if':{'type':'string'},'then':false}", {"1"}, {"'x'"}},
        {"{'$ref':'#/definitions/n','definitions':{'n':{'type':'number'}}}", {"1"}, {"'x'"}},
        {"{'properties':{'a':{'$ref':'#/$defs/x~1y'}},'$defs':{'x/y':{'type':'number'}}}", {"{'a':1}"}, {"{'a':'x'}"}},
        {"{'properties':{'a':{'$ref':'#/definitions/caf%C3%A9'}},'definitions':{'café':{'type':'null'}}}",
         {"{'a':null}"},
         {"{'a':1}"}},
        {"{'type':'object','properties':{'next':{'$ref':'#'}},'additionalProperties':false}",
         {"{'next':{'next':{}}}"},
         {"{'next':{'nxt':{}}}", "{'next':1}"}},
        {"{'$ref':'#/definitions/m','definitions':{'m':{'type':'object','propertyNames':{'maxLength':1}}}}",
         {"{'a':1}"},
         {"{'ab':1}", "[]"}},
        {"{'properties':{'a':{'$ref':'#/properties/b'},'b':{'type':'number'}}}", {"{'a':1,'b':1}"}, {"{'a':'x'}"}},
        {"{'$id':'http://example.org/x.json','id':'y','$ref':'#/definitions/n','definitions':{'n':{'minimum':1}}}",
         {"1"},
         {"0"}},
        {"{'pattern':'^a\\u0000$','minLength':2}", {"'a\\u0000'"}, {"'ab'"}},
        {"{'properties':{'a\\u0000b':false}}", {"{'a':1}"}, {"{'a\\u0000b':1}"}},
        // Without $schema: of draft 2020-12 and of draft 7.
        {"{'prefixItems':[{'type':'string'}],'items':false}", {"['a']"}, {"[1]", "['a',1]"}},
        {"{'$ref':'#/$defs/n','minimum':5,'$defs':{'n':{'type':'integer'}}}", {"5"}, {"1", "'x'"}},
        {"{'$ref':'#n','definitions':{'n':{'$id':'#n','type':'integer'}}}", {"1"}, {"'x'"}},
        {"{'minimum':9007199254740993}", {"9007199254740993"}, {"9007199254740992"}},
        {"{'multipleOf':1}", {"10000000000"}, {"10000000000.5"}},
        {"{'title':'x','description':'y','default':1,'examples':[],'$comment':'z','unknown':1}", {"1"}, {}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.schema);
        for (const auto& json : c.good) CHECK_MESSAGE(fits(c.schema, json), json);
        for (const auto& json : c.bad) CHECK_MESSAGE(!fits(c.schema, json), json);
    }
}

TEST_CASE("formats are checked, and unknown ones say nothing") {
    struct Case {
        std::string format;
        std::vector<std::string> good, bad;
    };
    const Case cases[] = {
        {"date",
         {"2024-02-29", "1999-12-31"},
         {"2023-02-29", "1900-02-29", "2024-13-01", "2024-1-1", "24-01-01", "2024-04-31", ""}},
        {"time", {"12:00:00Z", "00:59:60.5+01:00"}, {"24:00:00Z", "12:00Z", "12:00:00", "12:00:00.Z"}},
        {"date-time", {"2024-02-29T12:00:00Z", "2024-02-29t12:00:00-05:00"}, {"2024-02-29", "2024-02-29 12:00:00Z"}},
        {"email", {"a.b+c@example.org"}, {"a", "@b", "a@", "a..b@c.d", ".a@b.c", "a b@c.d"}},
        {"hostname", {"example.org", "a-b"}, {"-a", "a_b", "a..b", ""}},
        {"ipv4", {"127.0.0.1", "255.255.255.255"}, {"256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5"}},
        {"ipv6",
         {"::1", "::", "1:2:3:4:5:6:7:8", "fe80::1:2", "::ffff:1.2.3.4"},
         {"1", "1::2::3", "12345::", ":1", "1:", "1:2:3:4:5:6:7:8:9"}},
        {"uri", {"https://example.org/a?b#c", "urn:x:y"}, {"/a", "a b:c", "1a:b", "http://a b"}},
        {"uri-reference", {"/a?b", "", "x%20y"}, {"a b", "%zz"}},
        {"uuid", {"123e4567-e89b-12d3-a456-426614174000"}, {"123e4567e89b12d3a456426614174000", "x"}},
        {"json-pointer", {"", "/a/0", "/a~1b"}, {"a", "/a~2"}},
        {"regex", {"a+"}, {"("}},
        {"duration", {"P1Y2M3D", "PT1H", "P2W", "P1DT5M"}, {"P", "PT", "P1", "1D", "P1D1Y", "P1Y1D", "P1W1D", "P1DT"}},
        {"idn-email", {"ü@example.org", "a@bücher.example"}, {"nope", "a@"}},
        {"idn-hostname", {"bücher.example", "a。b"}, {"", "-ü", "a b"}},
        {"iri", {"https://example.org/ü"}, {"not an iri", "/a"}},
        {"iri-reference", {"/ü", ""}, {"a b"}},
        {"uri-template", {"/a/{b}", "/a"}, {"/a/{b", "/a}", "{}"}},
        {"relative-json-pointer", {"0", "1/a", "2#"}, {"", "/a", "01", "-1", "0##"}},
        {"made-up", {"anything"}, {}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.format);
        const std::string schema = "{'format':'" + c.format + "'}";
        CHECK(fits(schema, "5"));
        for (const auto& text : c.good) CHECK_MESSAGE(fits(schema, "'" + text + "'"), text);
        for (const auto& text : c.bad) CHECK_MESSAGE(!fits(schema, "'" + text + "'"), text);
    }
}

TEST_CASE("why an answer does not fit its schema is said with the place in the answer") {
    const auto check = check_of(
        "{'type':'json_schema','value':{'properties':{'items':{'items':{'required':['price'],'properties':"
        "{'price':{'type':'number'}}}}}}}");
    const auto detail = [&](const std::string& json) { return result_of(check, answer_of(json)).detail; };
    CHECK(detail(R"({"items":[{"price":1},{"price":"2"}]})") ==
          "does not fit the schema: /items/1/price: must be a number, and is a text");
    CHECK(detail(R"({"items":[{}]})") == "does not fit the schema: /items/0: \"price\" is missing");
}

TEST_CASE("a bad schema is refused with the place that is wrong") {
    const struct {
        std::string schema, error;
    } cases[] = {
        {"5", "value: a schema must be an object, true or false, and is a number"},
        {"{'type':'text'}", "value.type: \"text\" is no type"},
        {"{'type':[]}", "value.type: must name at least one type"},
        {"{'type':5}", "value.type: 5 is no type"},
        {"{'properties':[]}", "value.properties: must be an object, and is a list"},
        {"{'properties':{'a':5}}", "value.properties.a: a schema must be an object"},
        {"{'properties':{'a':{'pattern':'('}}}", "value.properties.a.pattern: not a regular expression of RE2"},
        {"{'patternProperties':{'(':true}}", "not a regular expression of RE2"},
        {"{'required':'a'}", "value.required: must be a list of texts"},
        {"{'required':[1]}", "value.required: must be a list of texts"},
        {"{'enum':[]}", "value.enum: must be a list of at least one value"},
        {"{'minimum':'1'}", "value.minimum: must be a number, and is a text"},
        {"{'exclusiveMinimum':true}", "value.exclusiveMinimum: must be a number, and is true"},
        {"{'multipleOf':0}", "value.multipleOf: must be a number above 0"},
        {"{'maxLength':-1}", "value.maxLength: must be a whole number from 0"},
        {"{'maxLength':1.5}", "value.maxLength: must be a whole number from 0"},
        {"{'uniqueItems':1}", "value.uniqueItems: must be true or false"},
        {"{'anyOf':[]}", "value.anyOf: must be a list of schemas"},
        {"{'anyOf':{}}", "value.anyOf: must be a list of schemas"},
        {"{'anyOf':[{'not':5}]}", "value.anyOf[0].not: a schema must be an object"},
        {"{'items':'x'}", "value.items: a schema must be an object"},
        {"{'dependencies':{'a':[1]}}", "value.dependencies.a: must be a list of texts"},
        {"{'definitions':{'unused':{'type':'x'}}}", "value.definitions.unused.type: \"x\" is no type"},
        {"{'$ref':'http://example.org/schema.json'}", "value.$ref: refers to another document, which is never fetched"},
        {"{'$ref':'file:///etc/passwd'}", "value.$ref: refers to another document, which is never fetched"},
        {"{'$ref':'other.json#/a'}", "value.$ref: refers to another document, which is never fetched"},
        {"{'$ref':'#/definitions/x'}", "value.$ref: refers to something that is not there"},
        {"{'$ref':'#x'}", "value.$ref: refers to something that is not there"},
        {"{'$ref':5}", "value.$ref: must be a text"},
        {"{'$ref':'#'}", "refers to itself without an end"},
        {"{'allOf':[{'$ref':'#'}]}", "refers to itself without an end"},
        {"{'$ref':'#/definitions/a','definitions':{'a':{'anyOf':[true,{'$ref':'#/definitions/b'}]},"
         "'b':{'not':{'$ref':'#/definitions/a'}}}}",
         "refers to itself without an end"},
        {"{'properties':{'a':{'maxLenght':3}}}",
         "value.properties.a.maxLenght: no keyword of JSON Schema; did you mean"
         " \"maxLength\"?"},
        {"{'additionalProperty':false}", "did you mean \"additionalProperties\"?"},
        {"{'tpye':'string'}", "did you mean \"type\"?"},
        {"{'oneof':[]}", "did you mean \"oneOf\"?"},
        {"{'schema':{}}", "did you mean \"$schema\"?"},
        {"{'$schema':'http://example.org/mine'}", "value.$schema: is none of the drafts 7, 2019-09 and 2020-12"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.schema);
        const std::string error = refusal("{'type':'json_schema','value':" + c.schema + "}");
        CAPTURE(error);
        CHECK(error.find(c.error) != std::string::npos);
    }
}

TEST_CASE("hostile patterns and texts take no time, as a regular expression and in a schema") {
    const std::string text(100'000, 'a');
    const auto regex = check_of("{'type':'regex','value':'(a+)+$'}");
    const auto not_regex = check_of("{'type':'not_regex','value':'(a+)+$'}");
    const auto pattern = check_of("{'type':'json_schema','value':{'pattern':'(a+)+$'}}");
    const auto names = check_of("{'type':'json_schema','value':{'patternProperties':{'(a+)+$':false}}}");
    const double regex_s = seconds([&] {
        CHECK(result_of(regex, answer_of(text)).passed);
        CHECK(!result_of(regex, answer_of(text + "!")).passed);
        CHECK(result_of(not_regex, answer_of(text + "!")).passed);
    });
    const double schema_s = seconds([&] {
        CHECK(result_of(pattern, answer_of('"' + text + '"')).passed);
        CHECK(!result_of(pattern, answer_of('"' + text + "!\"")).passed);
        CHECK(result_of(names, answer_of("{\"" + text + "!\": 1}")).passed);
    });
    MESSAGE("(a+)+$ on 100 000 a's: three regex checks ", regex_s, " s, three in schemas ", schema_s, " s");
}

TEST_CASE("a schema on a JSON answer of 1 MB, and elements that all have to differ") {
    std::string json = "[";
    for (int i = 0; json.size() < 1'000'000; ++i)
        json +=
            (i == 0 ? "" : ",") + ("{\"id\": " + std::to_string(i) + ", \"name\": \"item\", \"tags\": [\"a\", \"b\"]}");
    json += "]";
    const auto check = check_of(
        "{'type':'json_schema','value':{'type':'array','uniqueItems':true,'items':{'type':'object','required':['id','"
        "name'],"
        "'additionalProperties':false,'properties':{'id':{'type':'integer','minimum':0},'name':{'pattern':'^[a-z]+$'},"
        "'tags':{'items':{'enum':['a','b','c']}}}}}}");
    const double time = seconds([&] { CHECK(result_of(check, answer_of(json)).passed); });
    json.insert(json.size() - 1, ",{\"id\": 0, \"name\": \"item\", \"tags\": [\"a\", \"b\"]}");
    CHECK(result_of(check, answer_of(json)).detail.find("more than once") != std::string::npos);
    MESSAGE("a schema on a JSON answer of 1 MB: ", time, " s");
}

TEST_CASE("a schema that multiplies its own work is given up, not waited for") {
    // Each level asks the next one twice for the same value: 2^60 steps.
    std::string definitions;
    for (int i = 0; i < 60; ++i) {
        const std::string next = "{'$ref':'#/definitions/d" + std::to_string(i + 1) + "'}";
        definitions += "'d" + std::to_string(i) + "':{'allOf':[" + next + "," + next + "]},";
    }
    const auto check = check_of("{'type':'json_schema','value':{'$ref':'#/definitions/d0','definitions':{" +
                                definitions + "'d60':{'type':'number'}}}}");
    session::CheckResult result;
    const double time = seconds([&] { result = result_of(check, answer_of("1")); });
    CHECK(!result.passed);
    CHECK(result.detail.find("too many steps") != std::string::npos);
    MESSAGE("given up after ", time, " s");
}

TEST_CASE("deep schemas and deep answers do not overflow the stack") {
    std::string nested = "true";
    for (int i = 0; i < 30; ++i) nested = "{'properties':{'a':" + nested + "}}";
    CHECK(refusal("{'type':'json_schema','value':" + nested + "}") == "");
    const auto recursive = check_of("{'type':'json_schema','value':{'items':{'$ref':'#'}}}");
    CHECK(result_of(recursive, answer_of(std::string(64, '[') + std::string(64, ']'))).passed);
    CHECK(!result_of(recursive, answer_of(std::string(100'000, '[') + std::string(100'000, ']'))).passed);
    CHECK(!result_of(recursive, answer_of(std::string(10'000'000, '['))).passed);

    // Where a dynamic reference leads is known only when an answer is judged.
    const auto circle = check_of("{'type':'json_schema','value':{'$dynamicAnchor':'a','$dynamicRef':'#a'}}");
    CHECK(result_of(circle, answer_of("1")).detail.find("leads too deep") != std::string::npos);

    // A chain of references, each some levels below the one before.
    const auto chain = [](int length, int levels) {
        std::string definitions;
        for (int i = 0; i < length; ++i) {
            std::string schema = "{'$ref':'#/definitions/d" + std::to_string(i + 1) + "'}";
            for (int level = 0; level < levels; ++level) schema = "{'allOf':[" + schema + "]}";
            definitions += "'d" + std::to_string(i) + "':" + schema + ",";
        }
        return "{'type':'json_schema','value':{'$ref':'#/definitions/d0','definitions':{" + definitions + "'d" +
               std::to_string(length) + "':{'type':'number'}}}}";
    };
#ifdef __SANITIZE_ADDRESS__
    // Its frames are many times as large: the deepest schema that is taken needs more than the usual stack.
    MESSAGE("SKIPPED: the deepest schemas, whose stack AddressSanitizer multiplies");
    const std::string deepest = chain(15, 7);
#else
    const std::string deepest = chain(60, 7);
#endif
    CHECK(result_of(check_of(deepest), answer_of("1")).passed);
    CHECK(!result_of(check_of(deepest), answer_of("\"x\"")).passed);
    CHECK(refusal(chain(60, 9)).find("leads too deep") != std::string::npos);
    CHECK(refusal(chain(900, 0)).find("leads too deep") != std::string::npos);
    CHECK(refusal(chain(1200, 0)).find("leads too deep") != std::string::npos);
}
