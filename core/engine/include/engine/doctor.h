// What may be wrong on this machine, and what to do about it: servers, folders, keys, journals, the desktop. The window
// and the command line say the same.
//
// Thread contract: plain values; diagnose() blocks on the disk. Servers were asked before; nothing is sent.
// Invariant: no key and no password is in what comes out (addresses are shown as everywhere).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "config/config.h"
#include "engine/preflight.h"

namespace llmc::engine {

struct Diagnosis {
    enum class Health { fine, note, problem };  // good to know; something does not work until it is mended

    Health health = Health::fine;
    std::string area;    // "servers", "folders", …
    std::string what;    // a sentence
    std::string advice;  // what to do; empty: nothing
    bool operator==(const Diagnosis&) const = default;
};

// What the caller knows that a file does not say.
struct Surroundings {
    std::filesystem::path config_file;
    config::Folders folders;
    config::Environment environment;
    std::string version;                     // of the program
    std::vector<std::string> libraries;      // "OpenSSL 3.0.17"
    std::string display;                     // "X11 (:0)"; empty: none was found
    std::vector<std::string> missing_fonts;  // "a monospaced font"
};

std::vector<Diagnosis> diagnose(const Surroundings& surroundings, const std::vector<ServerStatus>& servers);

bool has_problem(const std::vector<Diagnosis>& diagnoses);

// A line each, by area; the advice below its line.
std::vector<std::string> lines(const std::vector<Diagnosis>& diagnoses);
// [{"health": "fine"|"note"|"problem", "area", "what", "advice"}]
base::OrderedJson to_json(const std::vector<Diagnosis>& diagnoses);

}  // namespace llmc::engine
