#include "snapshot_diff.h"

#include <algorithm>

namespace llmc::engine {
namespace {

// All but the time of the last look.
bool is_same(const ServerStatus& a, const ServerStatus& b) {
    return a.key == b.key && a.is_asked == b.is_asked && a.manifest == b.manifest && a.error == b.error &&
           a.error_kind == b.error_kind && a.is_loading == b.is_loading && a.in_flight == b.in_flight &&
           a.busy_with == b.busy_with && a.server == b.server;
}

bool is_same(const session::SettingsChange& a, const session::SettingsChange& b) {
    return a.from_round == b.from_round && a.what == b.what;
}

template <class T>
bool are_same(const std::vector<T>& a, const std::vector<T>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return is_same(x, y); });
}

bool is_same(const session::Session& a, const session::Session& b) {
    return a.id == b.id && a.created_at == b.created_at && a.rounds == b.rounds && a.is_halted == b.is_halted &&
           a.halt_reason == b.halt_reason && a.queue == b.queue && a.settings == b.settings &&
           a.candidates == b.candidates && a.suite == b.suite && a.casting == b.casting && a.looks == b.looks &&
           a.servers == b.servers && are_same(a.changes, b.changes) && a.judges == b.judges;
}

}  // namespace

bool looks_same(const Snapshot& a, const Snapshot& b) {
    return a.activity == b.activity && a.rounds_done == b.rounds_done && a.rounds_total == b.rounds_total &&
           a.answers_done == b.answers_done && a.answers_total == b.answers_total && a.round_now == b.round_now &&
           a.rounds_of == b.rounds_of && a.retries_from == b.retries_from && a.is_kept == b.is_kept &&
           a.stops_after_round == b.stops_after_round && a.mark == b.mark && a.reports == b.reports &&
           are_same(a.servers, b.servers) && is_same(a.session, b.session) && a.preflight == b.preflight;
}

}  // namespace llmc::engine
