// What a model thinks is reasoning, wherever and however often it stands.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;

namespace {

struct Case {
    const char* text;
    const char* answer;
    const char* reasoning;
};

// In pieces of every size: the whole text, and what is shown of one that is cut.
void check(const Case& c) {
    CAPTURE(c.text);
    const std::string_view text = c.text;
    for (std::size_t size = 1; size <= text.size() + 1; size += size < 12 ? 1 : 7) {
        CAPTURE(size);
        std::string stream;
        std::size_t pieces = 0;
        for (std::size_t pos = 0; pos < text.size(); ++pieces) {
            std::size_t end = std::min(pos + size, text.size());
            while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
            stream += content(text.substr(pos, end - pos));
            pos = end;
        }
        const Decoded decoded = decode(stream + finished());
        CHECK(decoded.got.text == c.answer);
        CHECK(decoded.got.reasoning == c.reasoning);
        CHECK(decoded.got.tokens.size() == pieces);
        CHECK(decoded.facts.has_text == !decoded.got.text.empty());
        const Decoded cut = decode(stream);
        CHECK(std::string_view(c.answer).starts_with(cut.got.text));
        CHECK(std::string_view(c.reasoning).starts_with(cut.got.reasoning));
    }
}

}  // namespace

TEST_CASE("a thought at the start is reasoning, however it is cut") {
    for (const Case& c :
         {Case{"<think>a</think>b", "b", "a"}, Case{" \n<think>\na\n</think>\n\nb c", "b c", "\na\n"},
          Case{"<think></think>b", "b", ""}, Case{"<think>a", "", "a"}, Case{"<think>a</thi", "", "a</thi"},
          Case{"<think>a</think>\n\n", "", "a"}, Case{"<thi", "<thi", ""}, Case{"\n \n", "\n \n", ""},
          Case{" <p>", " <p>", ""}, Case{"[1] is <b>", "[1] is <b>", ""},
          Case{"<thinks>a</thinks>", "<thinks>a</thinks>", ""},
          Case{"<think>say `</think>` or \"</think>\" now</think>b", "b", "say `</think>` or \"</think>\" now"},
          Case{"<think>he says \"hi\"</think>b", "b", "he says \"hi\""}})
        check(c);
    const std::string blanks(100, '\n');
    CHECK(decode(content(blanks + "<think>a</think>b") + finished()).got.text == blanks + "<think>a</think>b");
}

TEST_CASE("all tags that models think between are known, in any case and with blanks inside") {
    for (const Case& c :
         {Case{"<thinking>plan</thinking>Yes.", "Yes.", "plan"},
          Case{"<thought>plan</thought>Yes.", "Yes.", "plan"},
          Case{"<reasoning>plan</reasoning>\nYes.", "Yes.", "plan"},
          Case{"[THINK]plan[/THINK]Yes [1].", "Yes [1].", "plan"},
          Case{"◁think▷plan◁/think▷Yes – “so”.", "Yes – “so”.", "plan"},
          Case{"<seed:think>plan</seed:think>Yes.", "Yes.", "plan"},
          Case{"<|begin_of_thought|>plan<|end_of_thought|>\n\n<|begin_of_solution|>Yes.<|end_of_solution|>", "Yes.",
               "plan"},
          Case{"<|channel>thought\nplan<channel|>Yes.", "Yes.", "\nplan"},
          Case{"<|channel>thought\n<channel|>Yes.", "Yes.", "\n"},
          Case{"<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
               "Yes.", "plan"},
          Case{"<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>analysis<|message|>b<|end|>"
               "<|start|>assistant<|channel|>final<|message|>Yes.",
               "Yes.", "a\n\nb"},
          Case{"<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>analysis<|message|>a"
               "<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
               "I look.Yes.", "a"},
          Case{"<|channel|>final<|message|>Yes.", "Yes.", ""},
          Case{"<|START_THINKING|>plan<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>", "Yes.", "plan"},
          Case{"<THINK>plan</THINK>Yes.", "Yes.", "plan"},
          Case{"<Think>plan</think>Yes.", "Yes.", "plan"},
          Case{"<think >plan</think>Yes.", "Yes.", "plan"},
          Case{"< think >plan< / think >Yes.", "Yes.", "plan"},
          Case{"[ think ]plan[ /think ]Yes.", "Yes.", "plan"},
          Case{"<th ink>plan</think>Yes.", "Yes.", "<th ink>plan"}})
        check(c);
}

TEST_CASE("later thoughts are reasoning too, each a paragraph of its own") {
    for (const Case& c :
         {Case{"<think>one</think>\nStep one.\n<think>two</think>\nStep two.", "Step one.\nStep two.", "one\n\ntwo"},
          Case{"<think>one</think>Step one. <think>two</think> Step two.", "Step one. Step two.", "one\n\ntwo"},
          Case{"<think>one</think>One<think>two</think> Two", "One Two", "one\n\ntwo"},
          Case{"<think>one</think><think>two</think>x", "x", "one\n\ntwo"},
          Case{"<think>one</think>\n\n<thinking>two</thinking>x", "x", "one\n\ntwo"},
          Case{"<think>one\n</think>a\n\n<think>two</think>b\n<think>three", "a\n\nb\n", "one\ntwo\n\nthree"},
          Case{"one</think>Step one.\n<think>two</think>Step two.", "Step one.\nStep two.", "one\n\ntwo"},
          Case{"[THINK]one[/THINK]a\n[THINK]two[/THINK]b", "a\nb", "one\n\ntwo"}})
        check(c);
}

TEST_CASE("a lone closing tag ends what the template opened, and turns what came before into reasoning") {
    for (const Case& c :
         {Case{"The user says hi. I greet back.\n</think>\n\nHello there.", "Hello there.",
               "The user says hi. I greet back.\n"},
          Case{"Hi.</think>Hello", "Hello", "Hi."}, Case{"</think>a", "a", ""}, Case{"\n</think>\n\na", "a", ""},
          Case{"a</think></think>b", "b", "a"}, Case{"a.</think>\n\n</think>\nb", "b", "a."},
          Case{"plan[/THINK]Yes", "Yes", "plan"}, Case{"plan◁/think▷Yes", "Yes", "plan"},
          Case{"plan\n</thinking>\nYes", "Yes", "plan\n"}, Case{"plan\n</ THINK >\nYes", "Yes", "plan\n"},
          Case{"<think>a<b></thin></think>b</think>", "", "a<b></thin>\n\nb"},
          Case{"a\n</think>\nb </think> The end", "The end", "a\nb "},
          Case{"It is `x` then.\n```\ncode\n```\nso.</think>Yes", "Yes", "It is `x` then.\n```\ncode\n```\nso."},
          Case{"```py\nhalf a block\n</think>\nYes", "Yes", "```py\nhalf a block\n"}, Case{"a</think>", "", "a"}})
        check(c);
    // Of any length.
    const std::string long_thought = repeated("word ", 100'000);
    const Decoded decoded = decode(content(long_thought) + content("end.\n</thi") + content("nk>\nYes") + finished());
    CHECK(decoded.got.text == "Yes");
    CHECK(decoded.got.reasoning == long_thought + "end.\n");
    CHECK(decoded.facts.has_text);
}

TEST_CASE("an answer that speaks of tags keeps them") {
    for (const char* text :
         {"x<think>a</think>b", "Use <think> and </think> around it.", "The <think> tag",
          "`<think>` opens, `</think>` closes.", "It ends with </think> in the text.", "It ends with </think>, always.",
          "Split at \"</think>\" first.", "Split at '</think>' first.", "Write `a </think> b` there.",
          "Text:\n<think>\nan example\n</think>\nEnd.", "```\nx = t.split('</think>')\n```\n",
          "Here:\n```xml\n<think>a</think>\n```\n", "1 < 2 and [think] of it", "An <|end|> token",
          "It ends with </think>"})
        check({text, text, ""});
    for (const Case& c :
         {Case{"<think>p</think>Put it between <think> and </think> tags.", "Put it between <think> and </think> tags.",
               "p"},
          Case{"<think>p</think>Like `<think>` and\n```\n<think>\na\n</think>\n```\nso.",
               "Like `<think>` and\n```\n<think>\na\n</think>\n```\nso.", "p"},
          Case{"<think>p</think>Result:\n<reasoning>r</reasoning>", "Result:\n<reasoning>r</reasoning>", "p"}})
        check(c);
}

TEST_CASE("no field that tells reasoning is lost, and none is doubled") {
    struct Fields {
        std::vector<const char*> deltas;
        const char* reasoning;
        const char* text;
    };
    for (
        const Fields& c : {
            Fields{{R"("reasoning_text":"a")", R"("reasoning_text":"b","content":"x")"}, "ab", "x"},
            Fields{{R"("thinking":"a")"}, "a", ""},
            Fields{{R"("thinking":{"content":"a"})"}, "a", ""},
            Fields{{R"("cot_summary":"a")"}, "a", ""},
            Fields{
                {R"("reasoning_details":[{"type":"reasoning.text","text":"a"},{"type":"reasoning.encrypted","data":"zz"}])"},
                "a",
                ""},
            Fields{{R"("reasoning_details":[{"type":"reasoning.summary","summary":"a"}])"}, "a", ""},
            Fields{{R"("thinking_blocks":[{"type":"thinking","thinking":"a","signature":"s"}])"}, "a", ""},
            Fields{{R"("reasoning":[{"text":"a"},"b"])"}, "ab", ""},
            Fields{
                {R"("content":[{"type":"reasoning","summary":"q","text":"a"},{"type":"text","text":"x"}])"}, "a", "x"},
            // The same in two or three fields, cut alike and differently, one ahead of the other.
            Fields{{R"("reasoning":"a b","reasoning_details":[{"type":"reasoning.text","text":"a b"}])",
                    R"("reasoning":" c","reasoning_details":[{"type":"reasoning.text","text":" c"}])"},
                   "a b c",
                   ""},
            Fields{{R"("reasoning":"The us","reasoning_content":"The")",
                    R"("reasoning":"er","reasoning_content":" user")"},
                   "The user",
                   ""},
            Fields{{R"("reasoning":"a ")", R"("reasoning_content":"a b")", R"("reasoning":"b")", R"("reasoning":" c")",
                    R"("reasoning_content":" c")"},
                   "a b c",
                   ""},
            // One field first, the other later.
            Fields{{R"("reasoning":"a b")", R"("reasoning_details":[{"type":"reasoning.text","text":" c d"}])"},
                   "a b c d",
                   ""},
            Fields{{R"("reasoning_content":"plan")", R"("content":"<think>plan</think>x")"}, "plan", "x"},
            // In a field and between tags.
            Fields{{R"("content":"<think>The user just","reasoning_content":"The user just")",
                    R"("content":" greets.</think>Hi","reasoning_content":" greets.")", R"("content":" there.")"},
                   "The user just greets.",
                   "Hi there."},
            Fields{{R"("content":"<think>\nThe user","reasoning_content":"The user")",
                    R"("content":" greets.\n</think>\n\nHi","reasoning_content":" greets.")"},
                   "The user greets.",
                   "Hi"},
            Fields{{R"("content":"<think>The user greets.</think>Hi")", R"("reasoning_content":"The user greets.")"},
                   "The user greets.",
                   "Hi"},
            Fields{{R"("reasoning_content":"The user greets.")", R"("content":"The user greets.\n</think>\nHi")"},
                   "The user greets.",
                   "Hi"},
            Fields{{R"("content":"The user","reasoning":"The user")",
                    R"("content":" greets.</think>Hi","reasoning":" greets.")"},
                   "The user greets.",
                   "Hi"},
            // Another thought between tags is another.
            Fields{{R"("reasoning_content":"The first.")", R"("content":"<think>The second.</think>Hi")"},
                   "The first.\n\nThe second.",
                   "Hi"},
            Fields{{R"("reasoning_content":"one")", R"("content":"Step.\n<think>two</think>Next.")"},
                   "one\n\ntwo",
                   "Step.\nNext."},
        }) {
        std::string stream;
        for (const char* part : c.deltas) stream += delta(part);
        CAPTURE(stream);
        const Decoded decoded = decode_both(stream + finished());
        CHECK(decoded.got.reasoning == c.reasoning);
        CHECK(decoded.got.text == c.text);
        CHECK(decoded.got.tokens.size() == c.deltas.size());
    }
}

TEST_CASE("what a lone closing tag ends may hold a cut character, and the text goes on with one") {
    const std::string stream = delta(R"("content":"a\ud83d")") + delta(R"("content":"\ude00</think>b\ud83d")") +
                               delta(R"("content":"\ude00")") + finished();
    const Decoded decoded = decode_both(stream);
    CHECK(decoded.got.reasoning == "a\U0001F600");
    CHECK(decoded.got.text == "b\U0001F600");
}
