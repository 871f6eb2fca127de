#include "suite/suite.h"

namespace llmc::suite {

session::Settings with_suite(session::Settings settings, const Suite& suite) {
    for (const session::Setting& setting : session::all_settings()) {
        const auto value = session::value_of(setting, suite.settings);
        if (!value.is_null() || suite.settings.leaves(setting.key)) (void)session::set(setting, value, settings);
    }
    if (suite.system_prompt) settings.system_prompt = *suite.system_prompt;
    if (suite.context == Context::fresh) settings.order = session::Order::by_model;
    return settings;
}

}  // namespace llmc::suite
