// The field of a setting, made from its row in the table: a slider, a number, a choice, texts.
//
// Thread contract: main thread, within a frame. A value out of range changes nothing (see FieldTexts).
#pragma once

#include "gui/panels/configuration_fields.h"
#include "session/settings.h"

namespace llmc::gui {

// What holds for all.
void setting_field(const FrameView& frame, FieldTexts& texts, const session::Setting& setting,
                   session::Settings& settings);
// A candidate's own; where it has none, the field says what holds for all.
void own_setting_field(const FrameView& frame, FieldTexts& texts, const session::Setting& setting,
                       session::Overrides& own, const session::Settings& common);

}  // namespace llmc::gui
