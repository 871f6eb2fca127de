#include "suite/suite.h"

#include <string>

#include <doctest/doctest.h>

#include "../base/temp_folder.h"
#include "../check/check_fixture.h"

using namespace llmc;
using namespace llmc::suite;

namespace {

std::string with_quotes(std::string json) {
    for (char& c : json)
        if (c == '\'') c = '"';
    return json;
}

// A suite of one prompt with these checks, and further members.
std::string suite_text(const std::string& members, const std::string& prompts) {
    return with_quotes("{'format':'llm-compare-suite','version':1,'name':'n'" + members + ",\n'prompts':[" + prompts +
                       "]}");
}

Result<Suite> load(const base::TempFolder& folder, const std::string& text) {
    base::put(folder / "suite.json", text);
    return load_suite(folder / "suite.json");
}

Suite good(const base::TempFolder& folder, const std::string& text) {
    auto suite = load(folder, text);
    REQUIRE_MESSAGE(suite.ok(), (suite ? "" : suite.error().message));
    return *std::move(suite);
}

}  // namespace

TEST_CASE("a suite is read with all that it says") {
    const base::TempFolder folder;
    const Suite suite = good(folder, with_quotes(R"({
        'format': 'llm-compare-suite', 'version': 1, 'name': 'planner-basics', 'role': 'planner', 'description': 'Of capitals.',
        'system_prompt': 'Be brief.', 'settings': {'temperature': 0, 'max_tokens': 100, 'seed': 7, 'top_p': 0.5, 'stop': ['END']}, 'repeat': 3,
        'context': 'continued', 'tools': [{'type': 'function', 'function': {'name': 'weather'}}],
        'tool_results': {'weather': {'degrees': 20}, 'note': 'as it is'},
        'cases': [{'city': 'Paris', 'country': 'France'}],
        'prompts': [{'id': 'capital', 'prompt': 'Which country is {{city}} the capital of?',
                     'response_format': {'type': 'json_object'}, 'tools': [],
                     'checks': [{'type': 'contains', 'value': '{{country}}', 'ignore_case': true}]},
                    {'prompt': 'And now?'}]})"));
    CHECK(suite.name == "planner-basics");
    CHECK(suite.role == "planner");
    CHECK(suite.system_prompt == "Be brief.");
    CHECK(suite.settings.temperature == 0);
    CHECK(suite.settings.max_tokens == 100);
    CHECK(suite.settings.seed == 7);
    CHECK(suite.settings.top_p == 0.5);
    CHECK(suite.settings.stop == std::vector<std::string>{"END"});
    CHECK(suite.repeat == 3);
    CHECK(suite.context == Context::continued);
    CHECK(suite.tools.size() == 1);
    REQUIRE(suite.prompts.size() == 2);
    CHECK(suite.prompts[0].id == "capital");
    CHECK(suite.prompts[0].tools == base::Json::array());
    CHECK(suite.prompts[0].response_format["type"] == "json_object");
    CHECK(suite.prompts[1].id == "2");
    CHECK(!suite.prompts[1].tools);
    CHECK(suite.prompts[1].checks.empty());

    const auto run = suite_run(suite, 2);
    CHECK(run.name == "planner-basics");
    CHECK(run.role == "planner");
    CHECK(run.source["description"] == "Of capitals.");
    CHECK(run.repeat == 2);
    CHECK(!run.is_fresh);
    const auto again = suite_from_json(run.source);
    REQUIRE(again.ok());
    CHECK(again->source == suite.source);
    CHECK(tasks(*again, 2).size() == tasks(suite, 2).size());
}

TEST_CASE("a suite without a name has that of its file") {
    const base::TempFolder folder;
    const Suite suite = good(folder, with_quotes("{'format':'llm-compare-suite','prompts':[{'prompt':'x'}]}"));
    CHECK(suite.name == "suite");
    CHECK(suite.role == "");
    CHECK(suite.repeat == 1);
    CHECK(suite.context == Context::fresh);
    CHECK(suite_from_json(suite.source)->name == "suite");
}

TEST_CASE("placeholders are filled once, as values") {
    const base::TempFolder folder;
    const Suite suite = good(
        folder,
        suite_text(
            R"(,'cases':[{'who':'the \'boss\' \\ {{x}}','x':'never','n':3,'list':[1,2],'yes':true,'sp ace':'S','e':''}])",
            R"({'prompt':'{{who}} {{n}} {{list}} {{ yes }} {{{n}}} {{sp ace}}[{{e}}]',
            'response_format':{'schema':{'const':'{{n}}','title':'is {{n}}','{{n}}':['{{who}}']}},
            'checks':[{'type':'contains','values':['{{who}}','{{n}}']},
                      {'type':'json_schema','value':{'const':{'w':'{{who}}','n':'{{n}}','l':'{{list}}','t':'n={{n}}'}}},
                      {'type':'max_words','value':'{{n}}'},
                      {'type':'tool_call','name':'{{sp ace}}','arguments':{'required':['{{who}}']},'count':'{{n}}'},
                      {'type':'equals','value':'fixed'}]})"));
    const auto all = tasks(suite, 1);
    REQUIRE(all.size() == 1);
    const Task& task = all.front();
    const std::string who = R"(the "boss" \ {{x}})";
    CHECK(task.prompt == who + " 3 [1,2] true {3} S[]");
    CHECK((*task.response_format)["schema"]["const"] == 3);
    CHECK((*task.response_format)["schema"]["title"] == "is 3");
    CHECK((*task.response_format)["schema"]["3"][0] == who);
    REQUIRE(task.checks->size() == 5);
    CHECK((*task.checks)[0].texts == std::vector<std::string>{who, "3"});
    const base::Json fitting{{"w", who}, {"n", 3}, {"l", {1, 2}}, {"t", "n=3"}};
    CHECK(result_of((*task.checks)[1], check::answer_of(base::dump_json(fitting))).passed);
    CHECK(!result_of((*task.checks)[1], check::answer_of("{}")).passed);
    CHECK((*task.checks)[2].limit == 3);
    CHECK((*task.checks)[3].tool == "S");
    CHECK((*task.checks)[3].count == 3);
    CHECK((*task.checks)[4].texts.front() == "fixed");
}

TEST_CASE("numbers of a check may come from the cells of a CSV file") {
    const base::TempFolder folder;
    base::put(folder / "cases.csv", "n,s\n5,0.5\n");
    const Suite suite = good(
        folder,
        suite_text(
            ",'cases_file':'cases.csv'",
            "{'prompt':'x','checks':[{'type':'min_words','value':'{{n}}'},{'type':'max_ttft_s','value':'{{s}}'}]}"));
    const auto all = tasks(suite, 1);
    CHECK((*all.front().checks)[0].limit == 5);
    CHECK((*all.front().checks)[1].limit == 0.5);
}

TEST_CASE("what does not look like a placeholder stays as it is") {
    const base::TempFolder folder;
    const Suite suite =
        good(folder, suite_text(",'cases':[{'x':1}]", "{'prompt':'a {b} {{}} {{ }} {{\\n}} {{x} {x}} }} {{'}"));
    CHECK(tasks(suite, 1).front().prompt == "a {b} {{}} {{ }} {{\n}} {{x} {x}} }} {{");
}

TEST_CASE("a suite without cases has no placeholders, in prompts, formats and checks") {
    const base::TempFolder folder;
    const std::string text = R"(Explain {{ user.name }}, \\frac{{a}}{{b}} and \\{{x}})";
    const Suite suite = good(folder, suite_text("", "{'prompt':'" + text + R"(',
        'response_format':{'{{k}}':'{{v}}'},
        'checks':[{'type':'contains','value':'{{y}}'},{'type':'regex','value':'[{]{2}z'}]})"));
    const auto all = tasks(suite, 1);
    const Task& task = all.front();
    CHECK(task.prompt == R"(Explain {{ user.name }}, \frac{{a}}{{b}} and \{{x}})");
    CHECK(*task.response_format == base::Json{{"{{k}}", "{{v}}"}});
    CHECK((*task.checks)[0].texts == std::vector<std::string>{"{{y}}"});
}

TEST_CASE("with cases a backslash makes a text of a placeholder, and two a backslash before its value") {
    const base::TempFolder folder;
    const struct {
        std::string prompt, filled;
    } cases[] = {
        {R"(Fill {{c}} into \\{{x}})", "Fill Rome into {{x}}"},
        {R"(\\{{c}}{{c}})", "{{c}}Rome"},
        {R"(\\\\{{c}})", R"(\Rome)"},
        {R"(\\\\\\{{c}})", R"(\{{c}})"},
        {R"(a\\b \\{ \\{{)", R"(a\b \{ \{{)"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.prompt);
        const Suite suite = good(
            folder,
            suite_text(",'cases':[{'c':'Rome'}]",
                       "{'prompt':'" + one.prompt + "','checks':[{'type':'contains','value':'" + one.prompt + "'}]}"));
        const auto all = tasks(suite, 1);
        CHECK(all.front().prompt == one.filled);
        CHECK((*all.front().checks)[0].texts == std::vector<std::string>{one.filled});
    }
}

TEST_CASE("fresh contexts: every prompt runs once per case and repeat, repeats one after another") {
    const base::TempFolder folder;
    const Suite suite = good(folder, suite_text(",'cases':[{'c':'1'},{'c':'2'}]",
                                                "{'id':'a','prompt':'a{{c}}'},{'id':'b','prompt':'b{{c}}'}"));
    std::string order;
    for (const Task& task : tasks(suite, 2)) {
        order += task.prompt + "/" + std::to_string(task.repeat) + " ";
        CHECK(task.prompt_id == task.prompt.substr(0, 1));
        CHECK(task.case_values["c"] == task.prompt.substr(1));
    }
    CHECK(order == "a1/1 a1/2 a2/1 a2/2 b1/1 b1/2 b2/1 b2/2 ");
}

TEST_CASE("a continued context: each repeat is one conversation, case by case") {
    const base::TempFolder folder;
    const Suite suite = good(folder, suite_text(",'context':'continued','cases':[{'c':'1'},{'c':'2'}]",
                                                "{'prompt':'a{{c}}'},{'prompt':'b{{c}}'}"));
    std::string order;
    for (const Task& task : tasks(suite, 2)) order += task.prompt + "/" + std::to_string(task.repeat) + " ";
    CHECK(order == "a1/1 b1/1 a2/1 b2/1 a1/2 b1/2 a2/2 b2/2 ");
}

TEST_CASE("a prompt's tools replace the suite's, and without cases there is no case") {
    const base::TempFolder folder;
    const Suite suite =
        good(folder, suite_text(",'tools':[{'type':'function'}]",
                                "{'prompt':'a'},{'prompt':'b','tools':[]},{'prompt':'c','tools':[{'x':1},{'x':2}]}"));
    const auto all = tasks(suite, 1);
    CHECK(all[0].tools->size() == 1);
    CHECK(all[1].tools->empty());
    CHECK(all[2].tools->size() == 2);
    CHECK(all[0].case_values.is_null());
    CHECK(all[0].response_format->is_null());
}

TEST_CASE("what does not depend on the case is compiled once") {
    const base::TempFolder folder;
    const Suite suite = good(
        folder, suite_text(",'cases':[{'c':'1'},{'c':'2'}]",
                           "{'prompt':'x','checks':[{'type':'regex','value':'a'},{'type':'regex','value':'{{c}}'}]}"));
    const auto all = tasks(suite, 2);
    CHECK((*all[0].checks)[0].regex == (*all[2].checks)[0].regex);
    CHECK((*all[0].checks)[1].regex != (*all[2].checks)[1].regex);
    CHECK(all[0].checks == all[1].checks);
}

TEST_CASE("cases come from a CSV file beside the suite, cells as they are") {
    const base::TempFolder folder;
    base::put(folder / "cities.csv",
              "\xEF\xBB\xBF"
              "city,country\r\nParis, France \r\n\"A \"\"B\"\", C\",\r\n");
    const Suite suite = good(folder, suite_text(",'cases_file':'cities.csv'", "{'prompt':'{{city}}|{{country}}'}"));
    const auto all = tasks(suite, 1);
    REQUIRE(all.size() == 2);
    CHECK(all[0].prompt == "Paris| France ");
    CHECK(all[1].prompt == "A \"B\", C|");
    CHECK(!suite.source.contains("cases_file"));
    CHECK(suite.source["cases"].size() == 2);
    // The document alone is enough later on.
    const auto again = suite_from_json(suite.source);
    REQUIRE(again.ok());
    CHECK(tasks(*again, 1)[1].prompt == all[1].prompt);
    CHECK(again->source == suite.source);
}

TEST_CASE("a bad suite is refused with file, line and key") {
    const base::TempFolder folder;
    const std::string file = (folder / "suite.json").string();
    const struct {
        std::string members, prompts, error;
    } cases[] = {
        {",\n'promts':1", "{'prompt':'x'}", ":2: promts: unknown key; did you mean \"prompts\"?"},
        {",\n'repeat':0", "{'prompt':'x'}", ":2: repeat: 0 is out of range: 1 to"},
        {",\n'repeat':'3'", "{'prompt':'x'}", ":2: repeat: must be a whole number, and is a text"},
        {",\n'repeat':1000000", "{'prompt':'x'}", ":2: repeat: 1000000 is out of range"},
        {",\n'context':'fresch'", "{'prompt':'x'}",
         ":2: context: \"fresch\" is unknown; possible are fresh, continued"},
        {",\n'settings':{\n'temprature':1}", "{'prompt':'x'}",
         ":3: settings.temprature: unknown key; did you mean \"temperature\"?"},
        {",\n'settings':{\n'temperature':3}", "{'prompt':'x'}", ":3: settings.temperature: 3 is out of range: 0 to 2"},
        {",\n'settings':{'max_tokens':0}", "{'prompt':'x'}", ":2: settings.max_tokens: 0 is out of range"},
        {",\n'settings':{'top_p':2}", "{'prompt':'x'}", ":2: settings.top_p: 2 is out of range"},
        {",\n'settings':[]", "{'prompt':'x'}", ":2: settings: must be an object, and is a list"},
        {",\n'tools':{}", "{'prompt':'x'}", ":2: tools: must be a list, and is an object"},
        {",\n'tools':[\n1]", "{'prompt':'x'}", ":3: tools[0]: must be an object, and is a number"},
        {",\n'tool_results':[]", "{'prompt':'x'}", ":2: tool_results: must be an object"},
        {",\n'cases':[]", "{'prompt':'x'}", ":2: cases: must not be empty"},
        {",\n'cases':[{},\n1]", "{'prompt':'x'}", ":3: cases[1]: must be an object, and is a number"},
        {",\n'cases':{}", "{'prompt':'x'}", ":2: cases: must be a list, and is an object"},
        {",'cases':[{}],\n'cases_file':'a.csv'", "{'prompt':'x'}", ":2: cases_file: stands beside \"cases\""},
        {",\n'cases_file':'missing.csv'", "{'prompt':'x'}", ":2: cases_file: "},
        {",\n'cases_file':'/etc/passwd'", "{'prompt':'x'}", ":2: cases_file: must lie beside the suite"},
        {",\n'cases_file':'../a.csv'", "{'prompt':'x'}", ":2: cases_file: must lie beside the suite"},
        {"", "", ":2: prompts: must not be empty"},
        {"", "1", ":2: prompts[0]: must be an object, and is a number"},
        {"", "{'id':'x'}", ":2: prompts[0]: needs a \"prompt\""},
        {"", "{'prompt':''}", ":2: prompts[0].prompt: must not be empty"},
        {"", "{'prompt':'x','check':[]}", ":2: prompts[0].check: unknown key; did you mean \"checks\"?"},
        {"", "{'id':'a','prompt':'x'},\n{'id':'a','prompt':'y'}",
         ":3: prompts[1].id: another prompt has the id \"a\" already"},
        {"", "{'prompt':'x','checks':[\n{'type':'contans','value':'x'}]}",
         ":3: prompts[0].checks[0].type: there is no check \"contans\"; did you mean \"contains\"?"},
        {"", "{'prompt':'x','checks':[\n{'type':'regex',\n'value':'('}]}",
         ":4: prompts[0].checks[0].value: not a regular expression of RE2: missing ): ("},
        {"", "{'prompt':'x','checks':[{'type':'json_schema','value':{\n'properties':{\n'a':{'type':'nmber'}}}}]}",
         ":4: prompts[0].checks[0].value.properties.a.type: \"nmber\" is no type"},
        {"", "{'prompt':'x','checks':[{'type':'json_schema','value':{\n'$ref':'http://a.b/c'}}]}",
         ":3: prompts[0].checks[0].value.$ref: refers to another document"},
        {",'cases':[{'city':'Paris'},{'town':'Rome'}]", "{'prompt':\n'{{city}}'}",
         ":2: prompts[0].prompt: {{city}} has no value (there are: town); \\{{city}} would be a text (with cases[1])"},
        {",'cases':[{'a':'1'}]", "{'prompt':'x','checks':[\n{'type':'contains','value':'{{b}}'}]}",
         ":3: prompts[0].checks[0]: {{b}} has no value (there are: a); \\{{b}} would be a text (with cases[0])"},
        {",'cases':[{'a':null}]", "{'prompt':'{{a}}'}",
         ":2: prompts[0].prompt: {{a}} has no value (nor has another name); \\{{a}} would be a text (with cases[0])"},
        {",'cases':[{'a':'x'},{'a':'('}]", "{'prompt':'x','checks':[{'type':'regex',\n'value':'{{a}}'}]}",
         ":3: prompts[0].checks[0].value: not a regular expression of RE2: missing ): ( (with cases[1])"},
        {",'cases':[{'a':'x'}]", "{'prompt':'x','checks':[{'type':'max_words','value':'{{a}}'}]}",
         ":2: prompts[0].checks[0].value: must be a whole number, and is a text (with cases[0])"},
    };
    for (const auto& c : cases) {
        const auto suite = load(folder, suite_text(c.members, c.prompts));
        CAPTURE(c.members);
        CAPTURE(c.prompts);
        REQUIRE(!suite.ok());
        CAPTURE(suite.error().message);
        CHECK(suite.error().message.starts_with(file + c.error));
    }
}

TEST_CASE("what is no suite is refused") {
    const base::TempFolder folder;
    const std::string file = (folder / "suite.json").string();
    const struct {
        std::string text, error;
    } cases[] = {
        {"{'prompts':[{'prompt':'x'}]}", ":1: is no suite: \"format\" must be \"llm-compare-suite\""},
        {"{\n'format':'llm-compare-report','version':1}",
         ":2: format: must be \"llm-compare-suite\" in a suite, and is \"llm-compare-report\""},
        {"{'format':'llm-compare-suite',\n'version':2,'new':1,'prompts':[]}",
         ":2: version: the suite is of version 2; this program knows version 1"},
        {"{'format':'llm-compare-suite',\n'version':0,'prompts':[]}", ":2: version: must be 1 or more"},
        {"{'format':'llm-compare-suite','name':'x'}", ":1: needs \"prompts\""},
        {"{'format':'llm-compare-suite',\n'prompts':[}", ":2: "},
        {"{'format':'llm-compare-suite',\n'name':'a','name':'b'}", ":2: the key \"name\" stands twice in one object"},
        {"[]", ":1: must be an object, and is a list"},
        {"", ":1: "},
        {"{\n'a':'\xFF'}", ":2: byte 8 of the file is not UTF-8"},
    };
    for (const auto& c : cases) {
        const auto suite = load(folder, with_quotes(c.text));
        CAPTURE(c.text);
        REQUIRE(!suite.ok());
        CAPTURE(suite.error().message);
        CHECK(suite.error().message.starts_with(file + c.error));
    }
    CHECK(load_suite(folder / "none.json").error().kind == ErrorKind::not_found);
    const auto deep = load(folder, std::string(100'000, '['));
    CHECK(deep.error().message.find("nested deeper than 64 levels") != std::string::npos);
}

TEST_CASE("a bad file of cases is refused with its line, and with where it is named") {
    const base::TempFolder folder;
    const std::string csv = (folder / "cases.csv").string(), file = (folder / "suite.json").string();
    const struct {
        std::string text, error;
    } cases[] = {
        {"a,b\n1,2\n3\n", ":3: the row has 1 cell, and the header has 2: a, b"},
        {"a;b\n1;2\n3;4;5\n", ":3: the row has 3 cells, and the header has 2: a, b"},
        {"a,b\n\"1,2\n", ":2: a quote opens here and is never closed"},
        {"a,b\n1,\xC3\n", ":2: not UTF-8"},
        {"a,b\n", ":1: has no case: nothing stands below the header row"},
        {"", ":1: needs a header row with the names of the columns"},
        {"a,a\n1,2\n", ":1: two columns are called \"a\""},
        {"a,\n1,2\n", ":1: column 2 has no name"},
    };
    for (const auto& c : cases) {
        base::put(folder / "cases.csv", c.text);
        const auto suite = load(folder, suite_text(",\n'cases_file':'cases.csv'", "{'prompt':'{{a}}'}"));
        CAPTURE(c.text);
        REQUIRE(!suite.ok());
        CHECK(suite.error().message == csv + c.error + " (from " + file + ":2: cases_file)");
    }
    base::put(folder / "cases.csv", "b\n1\n");
    const auto suite = load(folder, suite_text(",\n'cases_file':'cases.csv'", "{'prompt':'{{a}}'}"));
    CHECK(suite.error().message ==
          file + ":3: prompts[0].prompt: {{a}} has no value (there are: b); \\{{a}} would be a text (with cases[0])");
}

TEST_CASE("repeats are bounded by the number of tasks") {
    const base::TempFolder folder;
    const Suite suite = good(folder, suite_text(",'cases':[{},{}]", "{'prompt':'a'},{'prompt':'b'}"));
    CHECK(check_repeat(suite, 1).ok());
    CHECK(check_repeat(suite, kMaxTasks / 4).ok());
    CHECK(!check_repeat(suite, kMaxTasks / 4 + 1).ok());
    CHECK(check_repeat(suite, 0).error().message == "repeat: 0 is out of range: 1 to 25000");
    CHECK(!check_repeat(suite, -1).ok());
}

TEST_CASE("a suite in a form needs no file, and its errors have the lines that it is written with") {
    base::OrderedJson document{{"format", "llm-compare-suite"},
                               {"prompts", {{{"prompt", "x"}, {"checks", {{{"type", "regx"}}}}}}}};
    const auto suite = suite_from_json(document);
    REQUIRE(!suite.ok());
    CHECK(suite.error().message ==
          "suite:8: prompts[0].checks[0].type: there is no check \"regx\"; did you mean \"regex\"?");
    document["cases_file"] = "x.csv";
    document["prompts"][0].erase("checks");
    CHECK(suite_from_json(document).error().message == "suite:8: cases_file: there is no folder to find it in");
}

TEST_CASE("keywords of a schema that check nothing are named once, with their line") {
    const base::TempFolder folder;
    const Suite plain = good(folder, suite_text("", R"({'prompt': 'p', 'checks': [
{'type': 'json_schema', 'value': {'type': 'object', 'x-order': ['a'],
 'properties': {'a': {'type': 'string', 'ui:widget': 'text'}}}}]})"));
    REQUIRE(plain.warnings.size() == 2);
    const std::string words = plain.warnings[0] + plain.warnings[1];  // in no order
    CHECK(words.find("suite.json:") != std::string::npos);
    CHECK(words.find("the schema's \"x-order\" checks nothing") != std::string::npos);
    CHECK(words.find("\"ui:widget\"") != std::string::npos);

    const Suite with_cases =
        good(folder, suite_text(",'cases':[{'n':1},{'n':2},{'n':3}]", R"({'prompt': 'p', 'checks': [
{'type': 'json_schema', 'value': {'const': '{{n}}', 'x-note': 'n'}}]})"));
    CHECK(with_cases.warnings.size() == 1);
    CHECK(good(folder,
               suite_text("", "{'prompt': 'p', 'checks': [{'type': 'json_schema', 'value': {'type': 'object'}}]}"))
              .warnings.empty());
}
