#include "suite/suite.h"

namespace llmc::suite {

session::Settings with_suite(session::Settings settings, const Suite& suite) {
    const session::Overrides& own = suite.settings;
    if (own.temperature) settings.temperature = *own.temperature;
    if (own.top_p) settings.top_p = own.top_p;
    if (own.max_tokens) settings.max_tokens = *own.max_tokens;
    if (own.seed) settings.seed = own.seed;
    if (own.stop) settings.stop = *own.stop;
    if (suite.system_prompt) settings.system_prompt = *suite.system_prompt;
    if (suite.context == Context::fresh) settings.order = session::Order::by_model;
    return settings;
}

}  // namespace llmc::suite
