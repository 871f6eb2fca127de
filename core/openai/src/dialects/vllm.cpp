// vLLM, and what follows it: max_model_len in /v1/models.
#include "dialects/reading.h"
#include "openai/dialect.h"

namespace llmc::openai {
namespace {

bool read_model(const base::Json& entry, ModelInfo& model) {
    const auto length = base::get_int(entry, "max_model_len");
    if (!length && base::get_string(entry, "owned_by") != "vllm") return false;
    model.state = LoadState::loaded;
    fill_context(model.context_length, length);
    return true;
}

}  // namespace

extern const Dialect kVllm;
constexpr Dialect kVllm{.name = "vLLM", .ports = {8000}, .read_model = read_model};

}  // namespace llmc::openai
