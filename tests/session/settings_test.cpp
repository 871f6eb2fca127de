#include "session/settings.h"

#include <doctest/doctest.h>

#include "base/field_reader.h"

using namespace llmc;
using namespace llmc::session;
using base::OrderedJson;

namespace {

// A value of the setting's kind that is no default.
OrderedJson another_value(const Setting& setting) {
    switch (setting.kind()) {
        case Setting::Kind::real: return setting.is_seconds() ? OrderedJson(45) : OrderedJson(0.25);
        case Setting::Kind::whole: return 7;
        case Setting::Kind::words: return OrderedJson{"END", "\n"};
        case Setting::Kind::choice: return setting.choices.back().name;
    }
    return {};
}

Settings with_all() {
    Settings settings;
    for (const Setting& setting : all_settings()) REQUIRE(set(setting, another_value(setting), settings));
    return settings;
}

}  // namespace

TEST_CASE("every setting takes a value, gives it again and refuses what is not of its kind") {
    for (const Setting& setting : all_settings()) {
        CAPTURE(setting.key);
        CHECK(find_setting(setting.key) == &setting);
        Settings settings;
        REQUIRE(set(setting, another_value(setting), settings));
        CHECK(value_of(setting, settings) == another_value(setting));
        CHECK(settings != Settings());
        Settings same = settings;
        for (const OrderedJson& wrong : {OrderedJson(true), OrderedJson::object(), OrderedJson("?"), OrderedJson({1})})
            CHECK_FALSE(set(setting, wrong, same));
        if (setting.has_range())
            for (const double outside : {setting.lowest - 1, setting.highest + 1, std::nan("")})
                CHECK_FALSE(set(setting, outside, same));
        CHECK(set(setting, nullptr, same).ok() == setting.is_optional());
        CHECK((same == settings) == !setting.is_optional());

        Overrides own;
        CHECK(set(setting, another_value(setting), own).ok() == setting.is_own());
        CHECK(value_of(setting, own).is_null() == !setting.is_own());
    }
    CHECK(find_setting("temprature") == nullptr);
}

TEST_CASE("what is set is sent under its key, and nothing of the session's alone") {
    CHECK(request_fields(Settings()) == OrderedJson{{"temperature", 0.7}, {"max_tokens", 2048}});
    CHECK(request_fields(in_force(with_all(), {})) == OrderedJson::parse(R"({"temperature": 0.25, "top_p": 0.25,
        "top_k": 7, "min_p": 0.25, "repeat_penalty": 0.25, "presence_penalty": 0.25, "frequency_penalty": 0.25,
        "reasoning_effort": "xhigh", "max_tokens": 7, "seed": 7, "stop": ["END", "\n"]})"));
    Settings slider;
    slider.temperature = static_cast<double>(0.7F);
    CHECK(request_fields(slider)["temperature"] == 0.7);
}

TEST_CASE("settings that were written are read again, and those of an older file are the defaults") {
    const auto read = [](OrderedJson json) {
        auto file = base::JsonFile::of_program(std::move(json), "a session");
        Settings settings;
        base::FieldReader fields(file, file.root(), "");
        read_settings(fields, settings);
        CHECK_FALSE(file.error());
        return settings;
    };
    CHECK(read(settings_json(with_all())) == with_all());
    CHECK(read(settings_json(Settings())) == Settings());
    CHECK(read(OrderedJson::object()) == Settings());
    CHECK_FALSE(read({{"temperature", nullptr}}).temperature);
}

TEST_CASE("an order and a failure rule have their names") {
    CHECK(order_name(Order::swap_aware) == "swap-aware");
    CHECK(order_name(Order::by_model) == "by-model");
    CHECK(on_failure_name(OnFailure::halt) == "halt");
    CHECK(on_failure_name(OnFailure::keep_going) == "continue");
    Settings settings;
    CHECK(set(*find_setting("order"), "rotate", settings));
    CHECK(settings.order == Order::rotate);
    CHECK(set(*find_setting("on_failure"), "swap_aware", settings).error().message ==
          "\"swap_aware\" is unknown; possible are halt, continue");
}
