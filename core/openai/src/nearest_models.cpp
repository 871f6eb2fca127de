#include "base/nearest.h"
#include "openai/manifest.h"

namespace llmc::openai {

std::vector<std::string> nearest_models(std::string_view wanted, const std::vector<std::string>& ids,
                                        std::size_t count) {
    return base::nearest_names(wanted, ids, count);
}

}  // namespace llmc::openai
