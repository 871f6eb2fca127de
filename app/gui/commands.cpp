#include "gui/commands.h"

#include <utility>

namespace llmc::gui {

// Here and not in the header: code for a variant of this many alternatives took most of the time a panel was compiled.
Commands::Commands() = default;
Commands::~Commands() = default;
Commands::Commands(Commands&&) noexcept = default;
Commands& Commands::operator=(Commands&&) noexcept = default;

template <class T>
void Commands::add(T command) {
    list_.emplace_back(std::move(command));
}

void Commands::engine(engine::Command command) {
    add(ToEngine{std::move(command)});
}

std::vector<Command> Commands::take() {
    return std::exchange(list_, {});
}

bool Commands::empty() const {
    return list_.empty();
}

template void Commands::add(SaveSetup);
template void Commands::add(AddCandidate);
template void Commands::add(TestServer);
template void Commands::add(ChooseFile);
template void Commands::add(OpenFile);
template void Commands::add(ExportReports);
template void Commands::add(SaveSession);
template void Commands::add(SaveSessionAs);
template void Commands::add(ClearSession);
template void Commands::add(OpenLink);
template void Commands::add(OpenFolder);
template void Commands::add(StartDemoServers);
template void Commands::add(StopDemoServers);
template void Commands::add(Discover);
template void Commands::add(ShowPanel);
template void Commands::add(TogglePanel);
template void Commands::add(ZoomWindow);
template void Commands::add(StepRound);
template void Commands::add(OpenWritten);
template void Commands::add(ShowCandidate);
template void Commands::add(ShowRound);
template void Commands::add(FindInFocused);
template void Commands::add(FindInAll);
template void Commands::add(EndFind);
template void Commands::add(EditText);
template void Commands::add(ShowPalette);
template void Commands::add(ChangeKeys);
template void Commands::add(Arrange);
template void Commands::add(ResetLayout);
template void Commands::add(SetTheme);
template void Commands::add(SetTextSize);
template void Commands::add(SetEnterSends);
template void Commands::add(SetKeepsHistory);
template void Commands::add(ForgetHistory);
template void Commands::add(RefreshPreview);
template void Commands::add(CopyText);
template void Commands::add(OfferSelection);
template void Commands::add(Notify);
template void Commands::add(StartSuite);
template void Commands::add(SaveSuite);
template void Commands::add(OpenSuiteText);
template void Commands::add(MakeTest);
template void Commands::add(OpenConversation);
template void Commands::add(SetBlind);
template void Commands::add(StartProbe);
template void Commands::add(StopProbe);
template void Commands::add(StartJudge);
template void Commands::add(StopJudge);
template void Commands::add(InBackground);
template void Commands::add(CompareAnswers);
template void Commands::add(Quit);
template void Commands::add(Command);  // any of them: what tests ask for

}  // namespace llmc::gui
