#include <map>
#include <set>

#include "cast_evidence.h"
#include "session/loop_results.h"

namespace llmc::decide {

Decision decide_role(const RoleEvidence& evidence, std::vector<Contender>& contenders) {
    std::map<const session::Session*, Answering> answering;
    std::vector<LabelledRun> runs;
    int looks = 0;
    for (const CountedAnswer& one : evidence.answers) {
        const auto [known, is_new] = answering.try_emplace(one.session);
        if (is_new) {
            known->second = answering_servers(*one.session);
            looks += one.session->looks;
        }
        const Run run = run_of(*one.round, one.answer->candidate, known->second);
        if (run.answer && (run.outcome == RunOutcome::infrastructure || !run.answer->checks.empty()))
            runs.push_back({one.label, run});
    }
    Decision decision = decision_of(run_table(runs), looks);
    for (Contender& contender : contenders) {
        const auto place = std::find(decision.labels.begin(), decision.labels.end(), contender.label);
        if (place == decision.labels.end()) continue;
        const auto index = static_cast<std::size_t>(place - decision.labels.begin());
        for (std::size_t i = 0; i < decision.groups.size(); ++i)
            if (std::find(decision.groups[i].begin(), decision.groups[i].end(), index) != decision.groups[i].end())
                contender.evidence.group = static_cast<int>(i) + 1;
        if (const auto& pass_k = decision.pass_k[index]; pass_k.size() > 1) {
            contender.evidence.pass_k = pass_k.back();
            contender.evidence.k = static_cast<int>(pass_k.size());
        }
    }
    return decision;
}

bool has_loop(const RoleEvidence& evidence) {
    std::set<const session::Session*> seen;
    for (const CountedAnswer& one : evidence.answers)
        if (seen.insert(one.session).second && !session::loop_prompts(*one.session).empty()) return true;
    return false;
}

}  // namespace llmc::decide
