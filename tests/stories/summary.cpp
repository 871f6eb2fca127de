// The last line of a run: how many stories went as they should.
#include <cstdio>

#include <doctest/doctest.h>

namespace {

class Summary final : public doctest::IReporter {
public:
    explicit Summary(const doctest::ContextOptions&) {}
    void test_run_end(const doctest::TestRunStats& run) override {
        std::printf("%u passed, %u failed\n", run.numTestCasesPassingFilters - run.numTestCasesFailed,
                    run.numTestCasesFailed);
    }
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_case_start(const doctest::TestCaseData&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};

DOCTEST_REGISTER_LISTENER("summary", 1, Summary);

}  // namespace
