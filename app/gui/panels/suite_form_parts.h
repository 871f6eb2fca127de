// The fields of the form: each is bound to a member of the suite's document.
//
// Thread contract: main thread, within a frame; lives for one frame. Every change is noted by SuiteForm::touch().
#pragma once

#include <string>
#include <string_view>

#include "gui/panels/suite_view.h"

namespace llmc::gui {

class FormFields {
public:
    FormFields(const FrameView& frame, SuiteForm& form) : frame_(frame), form_(form) {}

    const FrameView& frame() const { return frame_; }
    void heading(std::string_view title);
    void label(const char* name);  // of what is drawn next by the caller
    void note(std::string_view words);

    // Each true when it has changed the member. An empty field takes the member out.
    bool text(const char* label, base::OrderedJson& object, std::string_view key, const char* hint = "");
    bool number(const char* label, base::OrderedJson& object, std::string_view key, const char* hint = "");
    bool lines(const char* label, base::OrderedJson& object, std::string_view key, int rows);
    bool json(const char* label, base::OrderedJson& object, std::string_view key, const char* hint);
    bool flag(const char* label, base::OrderedJson& object, std::string_view key);

private:
    void tell_trouble(const base::OrderedJson& object, std::string_view key);

    const FrameView& frame_;
    SuiteForm& form_;
};

// Of a suite or a prompt: what a loop needs.
void draw_loop_fields(FormFields& fields, SuiteForm& form, base::OrderedJson& object);
// Of the chosen prompt, with its checks.
void draw_prompt_fields(FormFields& fields, SuiteForm& form);

}  // namespace llmc::gui
