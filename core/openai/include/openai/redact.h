// Keeps API keys out of everything that leaves the program, also when a server echoes them.
//
// Thread contract: Redactor is immutable; StreamRedactor belongs to one thread.
// Rules (product.md section 3): in errors, logs and headers the key and any beginning of it of 8 or more characters
// becomes "[key]" (LM Studio echoes the first ten), before any truncation; in answers the whole key if it has 8 or more
// characters, also across chunks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmc::openai {

class Redactor {
public:
    Redactor() = default;
    explicit Redactor(std::vector<std::string> keys);
    std::string operator()(std::string_view text) const;
    bool is_empty() const { return keys_.empty(); }
    const std::vector<std::string>& keys() const { return keys_; }

private:
    std::vector<std::string> keys_;
};

// For one answer's text that arrives in parts: what could be the beginning of a key is held back until it is decided.
class StreamRedactor {
public:
    explicit StreamRedactor(std::string key = {});  // keys of fewer than 8 characters are not looked for
    // Appends to `out` what can be shown. Without a key or a possible match nothing is held back or copied twice.
    void feed(std::string_view text, std::string& out);
    void finish(std::string& out);
    bool is_active() const { return !key_.empty(); }

private:
    std::string key_;
    std::string held_;
};

// A whole part of an answer by the same rule.
std::string without_key(std::string_view text, std::string_view key);

}  // namespace llmc::openai
