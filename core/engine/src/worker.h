// Runs one answer from the first byte sent to its end: the life of a token on its way in.
//
// Thread contract: run_answer() blocks its thread; it is the only writer of the job's stream. `report` is called on
// this thread. Invariant: it returns within the job's deadlines + 1 s, within 100 ms of AnswerControl::stop(), and
// always with a verdict.
#pragma once

#include <functional>

#include "answer_job.h"

namespace llmc::engine {

struct WorkerPorts {
    net::HttpClient& http;
    const base::Clock& clock;
    std::function<void(AnswerUpdate)> report;  // few per answer: changes of state, warnings
    std::function<void()> wake;                // text or numbers have changed; once per read from the socket
};

AnswerEnd run_answer(const AnswerJob& job, const WorkerPorts& ports);

}  // namespace llmc::engine
