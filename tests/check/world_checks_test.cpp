#include <doctest/doctest.h>

#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;

namespace {

std::shared_ptr<const std::string> file_text(const char* words) {
    return std::make_shared<const std::string>(words);
}

}  // namespace

TEST_CASE("the files at the end are there, gone, and hold what is wanted") {
    const session::WorldFiles world = {{"./a.txt", file_text("zebra")},
                                       {"./animals/", nullptr},
                                       {"./animals/1.txt", file_text("lion 42")},
                                       {"./empty/", nullptr}};
    session::Answer answer = loop_of({});
    answer.world = std::make_shared<const session::WorldChanges>(
        session::WorldChanges{{"./animals/1.txt", file_text("lion 42")}, {"./inbox/1.txt", nullptr}});
    const struct {
        std::string check, detail;
    } cases[] = {
        {"'files':{'./a.txt':{'exists':true}}", ""},
        {"'files':{'a.txt':{'equals':'zebra','contains':'eb','matches':'^z'}}", ""},
        {"'files':{'/animals/../a.txt':{'exists':true}}", ""},
        {"'files':{'./animals/':{'exists':true},'empty':{'exists':true},'./':{'exists':true}}", ""},
        {"'files':{'./a.txt/':{'exists':false},'./b':{'exists':false},'./b/':{'exists':false}}",
         "is the place ./b again"},
        {"'files':{'./a.txt/':{'exists':false},'./b':{'exists':false}}", ""},
        {"'files':{'./a.txt/':{'exists':true}}", "\"./a.txt/\" is not there"},
        {"'files':{'./b':{'exists':true}}", "\"./b\" is not there"},
        {"'files':{'./b':{'contains':''}}", "\"./b\" is not there"},
        {"'files':{'./a.txt':{'exists':false}}", "\"./a.txt\" is there, and must not be"},
        {"'files':{'./animals':{'exists':false}}", "is there, and must not be"},
        {"'files':{'./animals':{'contains':'x'}}", "is a folder, and must be a file"},
        {"'files':{'./a.txt':{'equals':'Zebra'}}", "\"./a.txt\" must be \"Zebra\", and is \"zebra\""},
        {"'files':{'./a.txt':{'contains':'lion'}}", "does not contain \"lion\", it is \"zebra\""},
        {"'files':{'./a.txt':{'matches':'[0-9]'}}", "does not match \"[0-9]\", it is \"zebra\""},
        {"'files':{'animals/1.txt':{'exists':true},'inbox/1.txt':{'exists':false}},'only':true", ""},
        {"'files':{'animals/1.txt':{'exists':true}},'only':true", "\"./inbox/1.txt\" has gone, and no other file may"},
        {"'files':{},'only':true", "\"./animals/1.txt\" has changed, and no other file may"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        const std::string written = "{'type':'world'," + c.check + "}";
        if (c.detail.find("again") != std::string::npos) {
            CHECK(refusal(written).find(c.detail) != std::string::npos);
            continue;
        }
        const auto results = judge_answer({check_of(written)}, answer, &world);
        CAPTURE(results.front().detail);
        CHECK(results.front().passed == c.detail.empty());
        CHECK(results.front().detail.find(c.detail) != std::string::npos);
    }
    CHECK(result_of(check_of("{'type':'world','files':{'a':{'exists':false}}}"), answer).detail.find("no world") !=
          std::string::npos);
}

TEST_CASE("a bad check of the world is refused with the key that is wrong") {
    const struct {
        std::string check, error;
    } cases[] = {
        {"{'type':'world'}", "needs a \"files\""},
        {"{'type':'world','files':{}}", "files: must not be empty without \"only\""},
        {"{'type':'world','files':['a']}", "files: must be an object"},
        {"{'type':'world','files':{'a':{}}}", "files.a.exists: is missing"},
        {"{'type':'world','files':{'a':true}}", "files.a: must be an object, and is true"},
        {"{'type':'world','files':{'a':{'exist':true}}}", "files.a.exist: unknown key"},
        {"{'type':'world','files':{'a':{'matches':'('}}}", "files.a.matches: not a regular expression"},
        {"{'type':'world','files':{'a':{'exists':false,'equals':'x'}}}", "files.a.exists: can never hold"},
        {"{'type':'world','files':{'a/':{'equals':'x'}}}", "is all that can be asked of a folder"},
        {"{'type':'world','files':{'../a':{'exists':true}}}", "leads out of the top"},
        {"{'type':'world','files':{'a':{'exists':true}},'only':1}", "only: must be true or false"},
        {"{'type':'world','files':{'a':{'exists':true},'./a':{'exists':true}}}", "is the place ./a again"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        const std::string error = refusal(c.check);
        CAPTURE(error);
        CHECK(error.find(c.error) != std::string::npos);
    }
}
