#include "yaml_tree.h"

#include <algorithm>
#include <exception>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "base/text_file.h"
#include "base/utf8.h"

namespace llmc::interop {
namespace {

constexpr int kMaxYamlDepth = 100;

struct TooMuch : std::exception {};

class TreeReader {
public:
    YamlTree read(const YAML::Node& node, int depth = 0) {
        if (++nodes_ > kMaxYamlNodes || depth > kMaxYamlDepth) throw TooMuch();
        YamlTree tree;
        tree.tag = node.Tag();
        tree.is_flow = node.Style() == YAML::EmitterStyle::Flow;
        tree.pos = static_cast<std::size_t>(std::max(node.Mark().pos, 0));
        if (node.IsScalar()) {
            tree.kind = YamlTree::Kind::scalar;
            tree.text = node.Scalar();
        } else if (node.IsSequence()) {
            tree.kind = YamlTree::Kind::sequence;
            for (const YAML::Node& item : node) tree.items.push_back(read(item, depth + 1));
        } else if (node.IsMap()) {
            tree.kind = YamlTree::Kind::mapping;
            for (const auto& member : node) {
                YamlTree key = read(member.first, depth + 1);
                tree.members.push_back({std::move(key), read(member.second, depth + 1)});
            }
        }
        return tree;
    }

private:
    std::size_t nodes_ = 0;
};

// Counts documents. (YAML::LoadAll() never comes to an end of some texts, of a comma alone for one.)
class DocumentCounter : public YAML::EventHandler {
public:
    int documents() const { return documents_; }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override { ++documents_; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  const std::string& /*value*/) override {}
    void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                         YAML::EmitterStyle::value /*style*/) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                    YAML::EmitterStyle::value /*style*/) override {}
    void OnMapEnd() override {}

private:
    int documents_ = 0;
};

bool has_several_documents(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    DocumentCounter counter;
    while (counter.documents() < 2 && parser.HandleNextDocument(counter)) {
    }
    return counter.documents() > 1;
}

// yaml-cpp takes some of them for the end of the file.
Result<void> check_signs(const std::string& text) {
    for (std::size_t pos = 0; pos < text.size(); ++pos) {
        const char c = text[pos];
        const bool is_lone_return = c == '\r' && (pos + 1 == text.size() || text[pos + 1] != '\n');
        const bool is_control = (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
        if (is_lone_return)
            return Error{ErrorKind::parse,
                         fmt::format("line {}: a carriage return without a line feed", base::line_at(text, pos))};
        if (is_control)
            return Error{ErrorKind::parse, fmt::format("line {}: a control character", base::line_at(text, pos))};
    }
    return {};
}

}  // namespace

const YamlTree* YamlTree::find(std::string_view key) const {
    const auto found = std::find_if(members.begin(), members.end(), [key](const auto& member) {
        return member.key.kind == Kind::scalar && member.key.text == key;
    });
    return found == members.end() ? nullptr : &found->value;
}

std::size_t YamlTree::count(std::string_view key) const {
    return static_cast<std::size_t>(std::count_if(members.begin(), members.end(), [key](const auto& member) {
        return member.key.kind == Kind::scalar && member.key.text == key;
    }));
}

bool YamlTree::operator==(const YamlTree& other) const {
    return kind == other.kind && (kind == Kind::null || tag == other.tag) && text == other.text &&
           items == other.items && members == other.members;
}

Result<YamlTree> read_yaml_tree(const std::string& text) {
    if (const std::size_t bad = base::find_invalid_utf8(text); bad != std::string::npos)
        return Error{ErrorKind::parse, fmt::format("line {}: not UTF-8", base::line_at(text, bad))};
    if (auto ok = check_signs(text); !ok) return ok.error();
    try {
        if (has_several_documents(text)) return Error{ErrorKind::parse, "several documents in one file"};
        return TreeReader().read(YAML::Load(text));
    } catch (const TooMuch&) {
        return Error{ErrorKind::limit,
                     fmt::format("more than {} nodes, or nested deeper than {}", kMaxYamlNodes, kMaxYamlDepth)};
    } catch (const YAML::Exception& error) {
        return Error{ErrorKind::parse,
                     fmt::format("line {}: {}", error.mark.line + 1, base::for_terminal_line(error.msg))};
    } catch (const std::exception& error) {
        return Error{ErrorKind::parse, base::for_terminal_line(error.what())};
    }
}

}  // namespace llmc::interop
