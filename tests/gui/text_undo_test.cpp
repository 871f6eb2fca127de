#include "gui/text_undo.h"

#include <random>

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

// A field with the keys that one has.
struct Field {
    TextUndo undo;
    std::string text;

    explicit Field(std::string before = {}) : text(std::move(before)) { undo.begin(text); }
    void type(std::string_view letters) {
        for (std::size_t at = 0; at < letters.size();) {
            std::size_t end = at + 1;
            while (end < letters.size() && (static_cast<unsigned char>(letters[end]) & 0xC0) == 0x80) ++end;
            put(text.size(), 0, letters.substr(at, end - at));
            at = end;
        }
    }
    void put(std::size_t at, std::size_t removed, std::string_view inserted) {
        text.replace(at, removed, inserted);
        undo.note(text);
    }
    bool apply(const std::optional<TextUndo::Change>& change) {
        if (!change) return false;
        text.replace(change->at, change->removed, change->inserted);
        CHECK(text == undo.text());
        return true;
    }
    bool back() { return apply(undo.undo()); }
    bool again() { return apply(undo.redo()); }
};

TEST_CASE("what is typed is taken back word by word, and done again") {
    Field field;
    field.type("Über den  Wolken");
    CHECK(field.back());
    CHECK(field.text == "Über den  ");
    CHECK(field.back());
    CHECK(field.text == "Über ");
    CHECK(field.again());
    CHECK(field.text == "Über den  ");
    CHECK(field.back());
    CHECK(field.back());
    CHECK(field.text.empty());
    CHECK_FALSE(field.back());
    while (field.again()) {
    }
    CHECK(field.text == "Über den  Wolken");
}

TEST_CASE("a line break is a step of its own") {
    Field field;
    field.type("one\ntwo");
    CHECK(field.back());
    CHECK(field.text == "one\n");
    CHECK(field.back());
    CHECK(field.text == "one");
}

TEST_CASE("what is deleted letter by letter comes back by words, in both directions") {
    Field field("one two three");
    while (field.text.size() > 4) field.put(field.text.size() - 1, 1, "");
    CHECK(field.text == "one ");
    CHECK(field.back());
    CHECK(field.text == "one two");
    CHECK(field.back());
    CHECK(field.text == "one two ");
    CHECK(field.back());
    CHECK(field.text == "one two three");
    while (field.text.size() > 10) field.put(0, 1, "");
    CHECK(field.text == " two three");
    CHECK(field.back());
    CHECK(field.text == "one two three");
}

TEST_CASE("what is pasted, replaced or fetched is one step, and typing after it another") {
    Field field;
    field.put(0, 0, "a pasted text");
    field.type("!");
    field.put(0, field.text.size(), "an earlier prompt");
    CHECK(field.back());
    CHECK(field.text == "a pasted text!");
    CHECK(field.back());
    CHECK(field.text == "a pasted text");
    CHECK(field.back());
    CHECK(field.text.empty());
}

TEST_CASE("a new change forgets what was taken back") {
    Field field;
    field.type("one two");
    CHECK(field.back());
    field.type("three");
    CHECK_FALSE(field.again());
    CHECK(field.back());
    CHECK(field.text == "one ");
}

TEST_CASE("typing elsewhere, or after a step was taken back, is a new step") {
    Field field("ab");
    field.put(2, 0, "c");
    field.put(0, 0, "x");
    CHECK(field.back());
    CHECK(field.text == "abc");
    field.put(3, 0, "d");
    CHECK(field.back());
    CHECK(field.text == "abc");
}

TEST_CASE("the oldest steps go where there is too much") {
    Field field;
    const std::string part(TextUndo::kMaxBytes / 4, 'x');
    for (int i = 0; i < 6; ++i) field.put(field.text.size(), 0, part);
    int steps = 0;
    while (field.back()) ++steps;
    CHECK(steps == 3);
    CHECK(field.text.size() == 3 * part.size());
    field.put(0, 0, std::string(2 * TextUndo::kMaxBytes, 'y'));  // alone too much
    CHECK_FALSE(field.back());
}

TEST_CASE("whatever is done, all steps back and forth give the same texts") {
    std::mt19937 random(7);
    const std::string_view letters[] = {"a", " ", "ß", "日", "\n", "🙂", "word ", ""};
    for (int round = 0; round < 60; ++round) {
        Field field("begin ä end");
        const std::string first = field.text;
        for (int i = 0; i < 60; ++i) {
            const auto boundary = [&](std::size_t at) {
                while (at < field.text.size() && (static_cast<unsigned char>(field.text[at]) & 0xC0) == 0x80) ++at;
                return at;
            };
            const std::size_t from = boundary(random() % (field.text.size() + 1));
            const std::size_t to = boundary(std::min(field.text.size(), from + random() % 3));
            field.put(from, to - from, letters[random() % std::size(letters)]);
        }
        const std::string last = field.text;
        while (field.back()) {
        }
        CHECK(field.text == first);
        while (field.again()) {
        }
        CHECK(field.text == last);
    }
}

}  // namespace
}  // namespace llmc::gui
