#include "suite/suite.h"

namespace llmc::suite {

session::Settings laid_over(session::Settings settings, const session::Overrides& own) {
    for (const session::Setting& setting : session::all_settings()) {
        const auto value = session::value_of(setting, own);
        if (!value.is_null() || own.leaves(setting.key)) (void)session::set(setting, value, settings);
    }
    return settings;
}

session::Settings with_suite(session::Settings settings, const Suite& suite) {
    settings = laid_over(std::move(settings), suite.settings);
    if (suite.total_timeout_s) settings.total_timeout_s = suite.total_timeout_s;
    if (suite.system_prompt) settings.system_prompt = *suite.system_prompt;
    if (suite.context == Context::fresh) settings.order = session::Order::by_model;
    return settings;
}

}  // namespace llmc::suite
