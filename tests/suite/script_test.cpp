#include <string>

#include <doctest/doctest.h>

#include "check/json_schema.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::suite;

namespace {

std::string json_of(std::string text) {
    for (char& c : text)
        if (c == '\'') c = '"';
    return text;
}

Result<Suite> read(const std::string& members, const std::string& prompts) {
    const auto json = base::parse_ordered_json(
        json_of("{'format':'llm-compare-suite','version':1,'name':'n'" + members + ",'prompts':[" + prompts + "]}"));
    REQUIRE_MESSAGE(json.ok(), (json ? "" : json.error().message));
    return suite_from_json(*json);
}

std::vector<Task> tasks_of(const std::string& members, const std::string& prompts) {
    const auto suite = read(members, prompts);
    REQUIRE_MESSAGE(suite.ok(), (suite ? "" : suite.error().message));
    return tasks(*suite, 1);
}

// What is said of a bad suite, without its line.
std::string fault_of(const std::string& members, const std::string& prompts) {
    const auto suite = read(members, prompts);
    if (suite) return "nothing";
    const std::string& message = suite.error().message;
    return message.substr(message.find(": ") + 2);
}

const std::string kTools =
    R"('tools':[{'type':'function','function':{'name':'search','parameters':{'type':'object','properties':{'q':{'type':'string'}},'required':['q']}}},
                              {'type':'function','function':{'name':'DONE'}}])";
const std::string kLoop = "'loop':{}," + kTools;

std::string text_at(const World& world, const std::string& path) {
    const auto found = world.files.find(path);
    return found == world.files.end() ? "none" : found->second ? *found->second : "folder";
}

}  // namespace

TEST_CASE("a suite without the keys of loops has none of it") {
    const auto all =
        tasks_of(",'tools':[{'x':1},{'type':'function','function':{'name':'f','parameters':{'type':'nmber'}}}]",
                 "{'prompt':'p'}");
    const Task& task = all.front();
    CHECK(!task.script->has_steps());
    CHECK(!task.script->world);
    CHECK(task.script->tools.count("f") == 1);
    CHECK(task.tools->size() == 2);
    CHECK(task.messages->empty());
    CHECK(task.tool_choice.is_null());
    CHECK(!task.parallel_tool_calls);
    CHECK(task.category.empty());
    CHECK(task.severity == session::Severity::critical);
    CHECK(*task.settings == session::Overrides());
}

TEST_CASE("a loop is read with its limits, tools, results and world") {
    const auto all = tasks_of("", R"({'prompt':'p',)" + kTools + R"(,
        'loop':{'max_steps':20,'done_tool':'DONE','cycle_repetitions':2,'history':'one_call_per_message'},
        'world':{'files':{'inbox/1.txt':'zebra','/animals/':null,'./a//b/../c':''},'tools':true},
        'tool_results':{'search':[{'when':{'q':'zebra','n':[1,{'a':null}]},'result':'stripes'},{'nth':2,'error':'busy'},{'result':''}],
                        'read_file':{'_default':'text','{\'path\': \'x\'}':'y'},'DONE':'done'},
        'follow_ups':['And now?'],'tool_choice':{'name':'search'},'parallel_tool_calls':false,
        'category':'files','severity':'warning','settings':{'temperature':0.5,'seed':null},
        'pass_criteria':'a','fail_criteria':'b','expected_response':'c',
        'incumbent':{'model':'m','text':'t','tool_calls':[{'name':'search','arguments':'{}'}],'latency_s':1.5}})");
    const Task& task = all.front();
    const Script& script = *task.script;
    REQUIRE(script.loop);
    CHECK(script.loop->max_steps == 20);
    CHECK(script.loop->done_tool == "DONE");
    CHECK(script.loop->cycle_repetitions == 2);
    CHECK(script.loop->history == LoopHistory::one_call_per_message);
    REQUIRE(script.world);
    CHECK(script.world->files.size() == 3);
    CHECK(text_at(*script.world, "./inbox/1.txt") == "zebra");
    CHECK(text_at(*script.world, "./animals/") == "folder");
    CHECK(text_at(*script.world, "./a/c").empty());
    // Two of its own, and the world's six.
    CHECK(script.tools.size() == 8);
    CHECK(task.tools->size() == 8);
    CHECK(script.tools.at("search")->misfit(base::Json::object()));
    CHECK(!script.tools.at("DONE"));
    CHECK(!script.tools.at("move_file")->misfit({{"source", "a"}, {"destination", "b"}}));
    CHECK(script.tools.at("move_file")->misfit({{"source", "a"}}));
    const auto& rules = std::get<std::vector<ResultRule>>(script.tool_results.at("search"));
    REQUIRE(rules.size() == 3);
    CHECK(rules[0].when["n"][1]["a"].is_null());
    CHECK(rules[0].text == "stripes");
    CHECK(rules[1].nth == 2);
    CHECK(rules[1].is_error);
    CHECK(rules[2].when.is_null());
    CHECK((std::get<std::map<std::string, std::string>>(script.tool_results.at("read_file")).at("_default") == "text"));
    CHECK(std::get<std::string>(script.tool_results.at("DONE")) == "done");
    CHECK(script.follow_ups == std::vector<std::string>{"And now?"});
    CHECK(task.tool_choice == base::Json::parse(R"({"type":"function","function":{"name":"search"}})"));
    CHECK(task.parallel_tool_calls == false);
    CHECK(task.category == "files");
    CHECK(task.severity == session::Severity::warning);
    CHECK(task.settings->temperature == 0.5);
    CHECK(task.settings->leaves("seed"));
}

TEST_CASE("a prompt's own replaces the suite's, and what is the suite's is shared") {
    const auto all = tasks_of(
        "," + kLoop +
            R"(,'category':'c','severity':'warning','world':{'files':{'a':'1'}},'follow_ups':['more'],'tool_choice':'required')",
        R"({'prompt':'1'},{'prompt':'2'},{'prompt':'3','loop':{'max_steps':2},'world':{},'category':'d','severity':'critical',
           'follow_ups':[],'tool_choice':'none','settings':{'max_tokens':5}},{'prompt':'4','tools':[{'type':'function','function':{'name':'f'}}]})");
    CHECK(all[0].script == all[1].script);
    CHECK(all[0].tools == all[1].tools);
    CHECK(all[0].script->loop->max_steps == 15);
    CHECK(!all[0].script->loop->done_tool);
    CHECK(all[0].script->loop->cycle_repetitions == 3);
    CHECK(all[0].category == "c");
    CHECK(all[0].severity == session::Severity::warning);
    CHECK(all[2].script->loop->max_steps == 2);
    CHECK(all[2].script->world->files.empty());
    CHECK(all[2].script->follow_ups.empty());
    CHECK(all[2].tool_choice == "none");
    CHECK(all[2].category == "d");
    CHECK(all[2].severity == session::Severity::critical);
    CHECK(all[2].settings->max_tokens == 5);
    CHECK(all[3].script->tools.size() == 1);
    CHECK(all[3].tool_choice == "required");
}

TEST_CASE("a tool that the suite defines stands for the world's own") {
    const auto all = tasks_of(
        ",'loop':{},'world':{'tools':true},'tools':[{'type':'function','function':{'name':'read_file','description':'"
        "mine'}}]",
        "{'prompt':'p'}");
    CHECK(all[0].tools->size() == 6);
    CHECK((*all[0].tools)[0]["function"]["description"] == "mine");
    CHECK(all[0].script->tools.size() == 6);
    CHECK(tasks_of(",'loop':{},'world':{'tools':true}", "{'prompt':'p'}")[0].tools->size() == 6);
    CHECK(tasks_of("", "{'prompt':'p','world':{'tools':true}}")[0].tools->size() == 6);
}

TEST_CASE("messages may stand before a prompt, or in its place") {
    const auto all = tasks_of("", R"({'messages':[{'role':'system','content':'s'},{'role':'user','content':''},
        {'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function','function':{'name':'f','arguments':'{}'}}]},
        {'role':'tool','tool_call_id':'1','content':'r'},{'role':'assistant','content':'said'},{'role':'user','content':'and?'}]},
        {'prompt':'p','messages':[{'role':'assistant','content':'x'}]},{'messages':[{'role':'system','content':'now'}]})");
    REQUIRE(all[0].messages->size() == 6);
    const auto& messages = *all[0].messages;
    CHECK(all[0].prompt.empty());
    CHECK(messages[0] == openai::Message{.role = "system", .content = "s"});
    CHECK(messages[2] == openai::Message{.role = "assistant", .tool_calls = {{"1", "f", "{}"}}});
    CHECK(messages[3] == openai::Message{.role = "tool", .content = "r", .tool_call_id = "1"});
    CHECK(all[1].prompt == "p");
    CHECK(all[1].messages->size() == 1);
}

TEST_CASE("all texts of a loop may hold placeholders, and what does not depend on the case is shared") {
    const auto all = tasks_of(
        "," + kLoop +
            R"(,'cases':[{'who':'A','n':5,'dir':'x/y','path':'a'},{'who':'B\'s','n':6,'dir':'z','path':'b'}])",
        R"({'prompt':'p','world':{'files':{'{{dir}}/f':'{{who}}'}},'follow_ups':['{{n}}?'],'category':'of {{who}}',
        'messages':[{'role':'user','content':'{{who}}'}],'pass_criteria':'{{who}}',
        'tool_results':{'search':[{'when':{'n':'{{n}}','t':'is {{n}}'},'result':'{{n}}'}],'DONE':{'{{path}}':'{{n}}'}}},
        {'prompt':'q'})");
    REQUIRE(all.size() == 4);
    CHECK(text_at(*all[0].script->world, "./x/y/f") == "A");
    CHECK(text_at(*all[1].script->world, "./z/f") == "B\"s");
    CHECK(all[1].script->follow_ups.front() == "6?");
    CHECK(all[1].category == "of B\"s");
    CHECK(all[1].messages->front().content == "B\"s");
    const auto& rule = std::get<std::vector<ResultRule>>(all[1].script->tool_results.at("search")).front();
    CHECK(rule.when == base::Json{{"n", 6}, {"t", "is 6"}});
    CHECK(rule.text == "6");
    CHECK((std::get<std::map<std::string, std::string>>(all[1].script->tool_results.at("DONE")).at("b") == "6"));
    CHECK(all[2].script == all[3].script);
}

TEST_CASE("follow-ups without a loop have results as they always were") {
    const auto all =
        tasks_of(",'tool_results':{'f':{'degrees':20},'g':'text','other':[1]}", "{'prompt':'p','follow_ups':['q']}");
    CHECK(all[0].script->has_steps());
    CHECK(std::get<std::string>(all[0].script->tool_results.at("f")) == R"({"degrees":20})");
    CHECK(std::get<std::string>(all[0].script->tool_results.at("g")) == "text");
}

TEST_CASE("a suite with a bad loop is refused with its key") {
    const std::string deep = [] {
        std::string path;
        for (int i = 0; i < 80; ++i) path += "d/";
        return path;
    }();
    const struct {
        std::string members, prompts, fault;
    } cases[] = {
        {"," + kLoop, "{'prompt':'p','loop':{'max_steps':0}}",
         "prompts[0].loop.max_steps: 0 is out of range: 1 to 200"},
        {"," + kLoop, "{'prompt':'p','loop':{'max_steps':201}}",
         "prompts[0].loop.max_steps: 201 is out of range: 1 to 200"},
        {"," + kTools + ",'loop':{'max_steps':0}", "{'prompt':'p','loop':{}}", "loop.max_steps: 0 is out of range"},
        {"," + kTools + ",'loop':{'cycle_repetitions':1}", "{'prompt':'p'}",
         "loop.cycle_repetitions: 1 is out of range: 2 to 200"},
        {"," + kTools + ",'loop':{'history':'all'}", "{'prompt':'p'}",
         "loop.history: \"all\" is unknown; possible are openai, one_call_per_message"},
        {"," + kTools + ",'loop':{'max_step':3}", "{'prompt':'p'}",
         "loop.max_step: unknown key; did you mean \"max_steps\"?"},
        {"," + kTools + ",'loop':{'done_tool':3}", "{'prompt':'p'}", "loop.done_tool: must be a text, and is a number"},
        {"," + kTools, "{'prompt':'p','loop':[]}", "prompts[0].loop: must be an object, and is a list"},
        {",'context':'continued'," + kLoop, "{'prompt':'p'}",
         "loop: cannot stand in a suite whose \"context\" is \"continued\""},
        {",'loop':{}", "{'prompt':'p'}", "loop: needs tools: there are none that a step could call"},
        {"," + kLoop, "{'prompt':'p','tools':[]}", "loop: needs tools"},
        {",'loop':{},'tools':[{'x':1}]", "{'prompt':'p'}", "tools[0]: needs a \"function\" with a \"name\" in a loop"},
        {",'loop':{},'tools':[{'function':{'name':'f'}},{'function':{'name':'f'}}]", "{'prompt':'p'}",
         "tools[1].function.name: another tool is called \"f\" already"},
        {",'loop':{},'tools':[{'function':{'name':'f','parameters':{'properties':{'a':{'type':'nmber'}}}}}]",
         "{'prompt':'p'}", "tools[0].function.parameters.properties.a.type: \"nmber\" is no type"},
        {"," + kLoop + ",'tool_results':{'serch':'x'}", "{'prompt':'p'}",
         "tool_results.serch: no prompt offers a tool of that name"},
        {"," + kLoop, "{'prompt':'p','tool_results':{'serch':'x'}}",
         "prompts[0].tool_results.serch: no tool \"serch\" is offered (there are: DONE, search)"},
        {"," + kLoop + ",'tool_results':{'search':5}", "{'prompt':'p'}",
         "tool_results.search: must be a text, an object of texts or a list of rules in a loop, and is a number"},
        {"," + kLoop + ",'tool_results':{'search':{'a':5}}", "{'prompt':'p'}",
         "tool_results.search.a: must be a text, and is a number"},
        {"," + kLoop + ",'tool_results':{'search':[]}", "{'prompt':'p'}", "tool_results.search: must not be empty"},
        {"," + kLoop + ",'tool_results':{'search':[{'result':'a'},{'nth':2,'result':'b'}]}", "{'prompt':'p'}",
         "tool_results.search[1]: can never hold: rule 1 before it holds for every such call"},
        {"," + kLoop +
             ",'tool_results':{'search':[{'when':{'a':1},'result':'a'},{'when':{'b':2,'a':1.0},'nth':2,'result':'b'}]}",
         "{'prompt':'p'}", "tool_results.search[1]: can never hold"},
        {"," + kLoop + ",'tool_results':{'search':[{'nth':0,'result':'a'}]}", "{'prompt':'p'}",
         "tool_results.search[0].nth: 0 is out of range"},
        {"," + kLoop + ",'tool_results':{'search':[{'nth':1}]}", "{'prompt':'p'}",
         "tool_results.search[0]: needs either a \"result\" or an \"error\""},
        {"," + kLoop + ",'tool_results':{'search':[{'result':'a','error':'b'}]}", "{'prompt':'p'}",
         "tool_results.search[0]: needs either"},
        {"," + kLoop + ",'tool_results':{'search':[{'then':'a'}]}", "{'prompt':'p'}", "tool_results.search[0]"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'../x':''}}}",
         "prompts[0].world.files: \"../x\" leads out of the world"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'a/':'x'}}}",
         "prompts[0].world.files: \"a/\" ends in \"/\" and is a folder, whose value must be null"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'a':null}}}", "prompts[0].world.files: \"a\" must be a text"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'a':'','./a':''}}}",
         "prompts[0].world.files: \"./a\" is the same place as another: ./a"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'a/b/c':'','a':''}}}",
         "prompts[0].world.files: \"a/b/c\" makes a folder of the file ./a"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'a':'','a/':null}}}",
         "prompts[0].world.files: \"a/\" makes a folder of the file ./a"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'.':''}}}", "prompts[0].world.files: \".\" is the top folder"},
        {"," + kLoop, "{'prompt':'p','world':{'files':{'" + deep + "':null}}}", "prompts[0].world.files: \"d/d/"},
        {"," + kLoop + ",'world':{'file':{}}", "{'prompt':'p'}", "world.file: unknown key; did you mean \"files\"?"},
        {"," + kLoop + ",'world':{'tools':1}", "{'prompt':'p'}", "world.tools: must be true or false, and is a number"},
        {"," + kLoop, "{'prompt':'p','checks':[{'type':'tool_call','name':'serch'}]}",
         "prompts[0].checks[0].name: no tool \"serch\" is offered (there are: DONE, search)"},
        {"," + kTools, "{'prompt':'p','tool_choice':'any'}",
         "prompts[0].tool_choice: must be \"auto\", \"none\", \"required\""},
        {"," + kTools, "{'prompt':'p','tool_choice':{'name':'serch'}}",
         "prompts[0].tool_choice: no tool \"serch\" is offered"},
        {"", "{'prompt':'p','tool_choice':'required'}", "prompts[0].tool_choice: needs tools"},
        {"", "{'prompt':'p','parallel_tool_calls':'yes'}",
         "prompts[0].parallel_tool_calls: must be true or false, and is a text"},
        {"", "{'prompt':'p','follow_ups':'x'}", "prompts[0].follow_ups: must be a list, and is a text"},
        {"", "{'prompt':'p','follow_ups':['']}", "prompts[0].follow_ups[0]: must be a text that is not empty"},
        {"", "{'prompt':'p','severity':'low'}",
         "prompts[0].severity: \"low\" is unknown; possible are critical, warning"},
        {"", "{'prompt':'p','settings':{'temprature':1}}", "prompts[0].settings.temprature: unknown key"},
        {"", "{'prompt':'p','incumbent':{'model':'m','cost':1}}", "prompts[0].incumbent.cost: unknown key"},
        {"", "{'prompt':'p','pass_criteria':1}", "prompts[0].pass_criteria: must be a text"},
        {"", "{'messages':[{'role':'assistant','content':'x'}]}",
         "prompts[0]: needs a \"prompt\", or \"messages\" that end with one"},
        {"", "{'messages':[]}", "prompts[0]: needs a \"prompt\""},
        {"", "{'prompt':'p','messages':[{'role':'robot','content':'x'}]}",
         "prompts[0].messages[0].role: \"robot\" is unknown"},
        {"", "{'prompt':'p','messages':[{'role':'user'}]}", "prompts[0].messages[0]: needs a \"content\""},
        {"", "{'prompt':'p','messages':[{'role':'user','content':null}]}",
         "prompts[0].messages[0].content: must be a text, and is null"},
        {"", "{'prompt':'p','messages':[{'role':'tool','content':'x','tool_call_id':'1'}]}",
         "prompts[0].messages[0].tool_call_id: answers no call of an assistant's message before it"},
        {"", "{'prompt':'p','messages':[{'role':'user','content':'x','tool_calls':[]}]}",
         "prompts[0].messages[0].tool_calls: unknown key"},
        {",'cases':[{'a':'..'}]," + kLoop, "{'prompt':'p','world':{'files':{'{{a}}/x':''}}}",
         "prompts[0].world.files: \"../x\" leads out of the world (with cases[0])"},
        {",'cases':[{'a':'1'}]", "{'prompt':'p','follow_ups':['{{b}}']}",
         "prompts[0].follow_ups: {{b}} has no value (there are: a); \\{{b}} would be a text (with cases[0])"},
        {",'cases':[{'a':'1'}]", "{'prompt':'p','category':'{{b}}'}", "prompts[0].category: {{b}} has no value"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.members);
        CAPTURE(c.prompts);
        const std::string fault = fault_of(c.members, c.prompts);
        CHECK_MESSAGE(fault.starts_with(c.fault), fault);
    }
}

TEST_CASE("what a suite may say of a loop though it looks odd") {
    const struct {
        std::string members, prompts;
    } cases[] = {
        // A done tool that the prompt explains; results for tools of some prompts only; a check on the done tool.
        {"," + kTools + ",'loop':{'done_tool':'finish'}",
         "{'prompt':'p','checks':[{'type':'tool_call','name':'finish'}]}"},
        {",'loop':{'done_tool':null},'world':{'tools':true},'tool_results':{'f':'x'}",
         "{'prompt':'p','tools':[{'function':{'name':'f'}}]},{'prompt':'q'}"},
        {"," + kLoop +
             ",'tool_results':{'search':[{'when':{'a':1},'nth':2,'result':'a'},{'when':{'a':1},'result':'b'},{'nth':2,'"
             "result':'c'}]}",
         "{'prompt':'p'}"},
        {"," + kLoop + ",'world':{'files':{'./':null,'a/':null,'a/b':'','a-b':''}}", "{'prompt':'p'}"},
        // Without a loop nothing of it is played.
        {"", "{'prompt':'p','checks':[{'type':'tool_call','name':'f'}]}"},
        {",'tool_results':{'f':[1]},'tool_choice':'required'", "{'prompt':'p'}"},
        {",'cases':[{'a':1}],'tool_results':{'f':'{{b}}'}", "{'prompt':'p'}"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.members);
        CHECK(fault_of(c.members, c.prompts) == "nothing");
    }
}
