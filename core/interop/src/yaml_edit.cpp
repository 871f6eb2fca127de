#include "interop/yaml_edit.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text_file.h"
#include "yaml_lines.h"
#include "yaml_tree.h"
#include "yaml_values.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Path = std::vector<std::string>;
using Kind = YamlTree::Kind;

std::string yaml_block(std::string_view key, const OrderedJson& value, std::size_t column, std::string_view line_end) {
    std::string block = std::string(column, ' ') + yaml_key(key) + ':';
    if (!value.is_object()) return block + ' ' + yaml_token(value) + std::string(line_end);
    block += line_end;
    for (const auto& [name, member] : value.items())
        if (!member.is_null()) block += yaml_block(name, member, column + 2, line_end);
    return block;
}

struct Splice {
    std::size_t begin = 0, end = 0;
    std::string text;
};

class YamlEditor {
public:
    Result<void> open(std::string_view text) {
        body_ = base::without_byte_order_mark(text);
        mark_ = text.substr(0, text.size() - body_.size());
        auto tree = read_yaml_tree(body_);
        if (!tree) return tree.error();
        tree_ = std::move(*tree);
        if (tree_.kind != Kind::null && !tree_.is_mapping())
            return Error{ErrorKind::parse, "what stands in it is no mapping of keys to values"};
        return check_marks();
    }

    Result<void> apply(const YamlChange& change) {
        if (auto done = set(change.path, change.value); !done) return done;
        return change.comments && !change.value.is_null() ? comment(change.path, *change.comments) : Result<void>();
    }

    std::string text() const { return mark_ + body_; }

private:
    // A block mapping and the lines that it is in.
    struct Scope {
        const YamlTree* map = nullptr;
        std::size_t begin = 0, end = 0;
    };
    // A member of a mapping: its key stands on the first of these lines.
    struct Entry {
        Scope scope;
        const YamlTree* key = nullptr;
        const YamlTree* value = nullptr;
        std::size_t begin = 0, end = 0;
    };

    Error refused(std::size_t line, std::string_view why) const {
        return {ErrorKind::parse, fmt::format("line {}: {}", line + 1, why)};
    }

    // Only a "---" before everything else.
    Result<void> check_marks() const {
        const YamlLines lines(body_);
        bool is_first = true;
        for (std::size_t i = 0; i < lines.count(); ++i) {
            if (!lines.is_content(i)) continue;
            const std::string_view line = lines.content(i);
            const bool is_mark = (line.starts_with("---") || line.starts_with("...")) &&
                                 (line.size() == 3 || line[3] == ' ' || line[3] == '\t');
            if (is_mark && (!is_first || line.front() == '.' || !is_rest_of_line(line, 3)))
                return refused(i, "a mark of several documents");
            if (is_first && line.front() == '%') return refused(i, "a directive");
            is_first = false;
        }
        return {};
    }

    const YamlTree* find(const Path& path) const {
        const YamlTree* tree = &tree_;
        for (const std::string& key : path)
            if (!(tree = tree->find(key))) return nullptr;
        return tree;
    }

    // Behind the colon of a key; npos where that cannot be told.
    std::size_t behind_colon(const Entry& entry) const {
        const YamlLines lines(body_);
        const std::string_view line = lines.content(entry.begin);
        const std::size_t pos = entry.key->pos - lines.begin(entry.begin);
        std::size_t colon = pos;
        if (line[pos] == '"' || line[pos] == '\'') {
            const std::size_t end = yaml_token_end(line, pos);
            colon = end == std::string::npos ? end : line.find_first_not_of(' ', end);
        } else {
            while (colon < line.size() && !(line[colon] == ':' && (colon + 1 == line.size() || line[colon + 1] == ' ' ||
                                                                   line[colon + 1] == '\t')))
                ++colon;
        }
        if (colon >= line.size() || line[colon] != ':') return std::string::npos;
        return lines.begin(entry.begin) + colon + 1;
    }

    // That each key of the mapping begins a line of its own, all at one column.
    Result<void> check_scope(const Scope& scope) const {
        const YamlLines lines(body_);
        std::set<std::string_view> known;
        std::size_t column = std::string::npos;
        for (const auto& [key, value] : scope.map->members) {
            const std::size_t line = lines.at(key.pos), at = key.pos - lines.begin(line);
            if (key.kind != Kind::scalar || std::string_view("&*!?").find(body_[key.pos]) != std::string_view::npos)
                return refused(line, "a key that is no plain text, where a change is to be made");
            if (scope.map->is_flow || lines.indentation(line) != at)
                return refused(line,
                               "written in braces, or after something else on its line, where a change is to be "
                               "made");
            if (key.text == "<<" && key.tag == "?")
                return refused(line, "a merged mapping where a change is to be made");
            if (!known.insert(key.text).second)
                return refused(line, fmt::format("the key \"{}\" stands twice", key.text));
            if (column == std::string::npos) column = at;
            if (at != column) return refused(line, "keys of one mapping at several columns");
        }
        return {};
    }

    static Entry entry_in(const Scope& scope, std::string_view key, const YamlLines& lines) {
        Entry entry{.scope = scope};
        const auto& members = scope.map->members;
        for (std::size_t i = 0; i < members.size(); ++i)
            if (members[i].key.text == key) {
                entry.key = &members[i].key;
                entry.value = &members[i].value;
                entry.begin = lines.at(entry.key->pos);
                entry.end = i + 1 < members.size() ? lines.at(members[i + 1].key.pos) : scope.end;
                return entry;
            }
        return entry;
    }

    // Where `path`, which is there, stands.
    Result<Entry> entry_at(const Path& path) const {
        const YamlLines lines(body_);
        Scope scope{&tree_, 0, lines.count()};
        Entry entry;
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (auto ok = check_scope(scope); !ok) return ok.error();
            entry = entry_in(scope, path[i], lines);
            if (i + 1 == path.size()) break;
            const std::size_t first =
                entry.value->members.empty() ? entry.end : lines.at(entry.value->members[0].key.pos);
            if (auto ok = check_opens_below(entry, first); !ok) return ok.error();
            scope = {entry.value, entry.begin + 1, entry.end};
        }
        return entry;
    }

    // That nothing but comments stands between the key and line `first`: no anchor, alias, tag or brace.
    Result<void> check_opens_below(const Entry& entry, std::size_t first) const {
        const YamlLines lines(body_);
        const std::size_t colon = behind_colon(entry);
        bool is_open = colon != std::string::npos && first > entry.begin &&
                       is_rest_of_line(lines.content(entry.begin), colon - lines.begin(entry.begin));
        for (std::size_t i = entry.begin + 1; i < first && i < entry.end; ++i)
            is_open = is_open && !lines.is_content(i);
        if (is_open) return {};
        return refused(entry.begin, fmt::format("\"{}\" has an anchor, alias, tag, or stands in braces or on one line, "
                                                "where a change is to be made below it",
                                                entry.key->text));
    }

    // The last line from `begin` to `end` that belongs to the value, not to what follows; `begin` where there is none.
    std::size_t last_line(const YamlTree& value, std::size_t begin, std::size_t end) const {
        const YamlLines lines(body_);
        std::size_t last = begin;
        for (std::size_t i = begin; i < end; ++i)
            if (lines.is_content(i)) last = i;
        const YamlTree* leaf = &value;
        while (!leaf->is_flow && (!leaf->members.empty() || !leaf->items.empty()))
            leaf = leaf->members.empty() ? &leaf->items.back() : &leaf->members.back().value;
        if (leaf->kind != Kind::scalar || (body_[leaf->pos] != '|' && body_[leaf->pos] != '>')) return last;
        const std::size_t head = lines.at(leaf->pos);
        for (std::size_t i = head + 1; i < end; ++i) {
            if (lines.is_blank(i)) continue;
            if (lines.indentation(i) <= lines.indentation(head)) break;
            last = std::max(last, i);
        }
        return last;
    }

    Result<void> set(const Path& path, const OrderedJson& value) {
        const YamlTree* there = find(path);
        if (value.is_null() ? !there : there && is_read_as(*there, value)) return {};
        if (value.is_null()) return remove(path);
        if (!there) return insert(path, value);
        if (value.is_object()) {
            if (there->kind == Kind::null) return fill(path, value);
            for (const auto& [name, member] : value.items()) {
                Path below = path;
                below.push_back(name);
                if (auto done = set(below, member); !done) return done;
            }
            return {};
        }
        return replace(path, value);
    }

    Result<void> insert(const Path& path, const OrderedJson& value) {
        const Path above(path.begin(), path.end() - 1);
        const YamlTree* map = find(above);
        if (!map || (!above.empty() && map->kind == Kind::null)) {
            OrderedJson parent = OrderedJson::object();
            parent[path.back()] = value;
            return set(above, parent);
        }
        if (map->kind != Kind::mapping && map->kind != Kind::null)
            return Error{ErrorKind::parse, fmt::format("\"{}\" is no mapping of keys to values", above.back())};
        const YamlLines lines(body_);
        Scope scope{map, 0, lines.count()};
        std::size_t line = lines.count();  // before which it comes
        if (!above.empty()) {
            const auto entry = entry_at(above);
            if (!entry) return entry.error();
            const std::size_t first = map->members.empty() ? entry->begin : lines.at(map->members[0].key.pos);
            if (auto ok = check_opens_below(*entry, first); !ok) return ok;
            scope = {map, entry->begin + 1, entry->end};
            line = last_line(*map, entry->begin, entry->end) + 1;
        }
        if (auto ok = check_scope(scope); !ok) return ok;
        const std::size_t column =
            map->members.empty() ? 0 : map->members[0].key.pos - lines.begin(lines.at(map->members[0].key.pos));
        YamlTree intent = tree_;
        YamlTree& parent = at(intent, above);
        parent.kind = Kind::mapping;
        parent.tag = parent.tag.empty() ? "?" : parent.tag;
        parent.members.push_back({key_tree(path.back()), tree_of(value)});
        return commit({lines_before(line, yaml_block(path.back(), value, column, lines.line_end(line - (line > 0))))},
                      intent);
    }

    // Members below a key without a value.
    Result<void> fill(const Path& path, const OrderedJson& value) {
        const auto entry = entry_at(path);
        if (!entry) return entry.error();
        if (auto ok = check_opens_below(*entry, entry->end); !ok) return ok;
        const YamlLines lines(body_);
        std::string block;
        for (const auto& [name, member] : value.items())
            if (!member.is_null())
                block += yaml_block(name, member, lines.indentation(entry->begin) + 2, lines.line_end(entry->begin));
        YamlTree intent = tree_;
        at(intent, path) = tree_of(value);
        return commit({lines_before(entry->begin + 1, std::move(block))}, intent);
    }

    Result<void> replace(const Path& path, const OrderedJson& value) {
        const auto entry = entry_at(path);
        if (!entry) return entry.error();
        const YamlLines lines(body_);
        const std::string_view line = lines.content(entry->begin);
        const std::size_t start = lines.begin(entry->begin);
        std::size_t begin = behind_colon(*entry);
        if (begin == std::string::npos || last_line(*entry->value, entry->begin, entry->end) != entry->begin)
            return refused(entry->begin, fmt::format("the value of \"{}\" is written over several lines", path.back()));
        std::size_t end = begin;
        std::string token = ' ' + yaml_token(value);
        if (!is_rest_of_line(line, begin - start)) {
            begin = start + std::min(line.find_first_not_of(" \t", begin - start), line.size());
            const std::size_t behind = yaml_token_end(line, begin - start);
            if (behind == std::string::npos || !is_rest_of_line(line, behind))
                return refused(
                    entry->begin,
                    fmt::format("the value of \"{}\" has an anchor, alias or tag, or stands in braces or over "
                                "several lines",
                                path.back()));
            end = start + behind;
            token.erase(0, 1);
        }
        YamlTree intent = tree_;
        at(intent, path) = tree_of(value);
        return commit({{begin, end, std::move(token)}}, intent);
    }

    Result<void> remove(const Path& path) {
        const auto entry = entry_at(path);
        if (!entry) return entry.error();
        const YamlLines lines(body_);
        std::vector<Splice> splices = own_comments_above(entry->begin);
        const std::size_t last = last_line(*entry->value, entry->begin, entry->end);
        if (!has_lines_of_their_own(*entry->value, lines) &&
            body_.find('#', lines.begin(entry->begin)) < lines.begin(last + 1))
            return refused(entry->begin,
                           fmt::format("\"{}\" has a text over several lines, and comments", path.back()));
        for (std::size_t i = entry->begin; i <= last; ++i) {
            if (lines.is_comment(i) && !is_own_comment(lines, i)) continue;
            const std::string_view line = lines.content(i);
            const std::size_t comment = lines.is_comment(i) ? std::string::npos : yaml_comment_begin(line);
            if (comment == std::string::npos)
                splices.push_back({lines.begin(i), lines.begin(i + 1), ""});
            else
                splices.push_back({lines.begin(i) + lines.indentation(i), lines.begin(i) + comment, ""});
        }
        YamlTree intent = tree_;
        YamlTree& parent = at(intent, Path(path.begin(), path.end() - 1));
        std::erase_if(parent.members, [&](const auto& member) { return member.key.text == path.back(); });
        if (parent.members.empty()) parent = YamlTree();
        return commit(std::move(splices), intent);
    }

    // That no text in it goes on over a line's end: there a "#" need not be a comment.
    static bool has_lines_of_their_own(const YamlTree& value, const YamlLines& lines) {
        const auto is_fine = [&lines](const YamlTree& one) { return has_lines_of_their_own(one, lines); };
        if (value.kind == Kind::scalar) {
            const std::size_t line = lines.at(value.pos);
            return yaml_token_end(lines.content(line), value.pos - lines.begin(line)) != std::string::npos;
        }
        return std::all_of(value.items.begin(), value.items.end(), is_fine) &&
               std::all_of(value.members.begin(), value.members.end(),
                           [&](const auto& member) { return is_fine(member.key) && is_fine(member.value); });
    }

    static bool is_own_comment(const YamlLines& lines, std::size_t line) {
        return base::trim_start(lines.content(line)).starts_with(kOwnComment);
    }

    std::vector<Splice> own_comments_above(std::size_t line) const {
        const YamlLines lines(body_);
        std::vector<Splice> found;
        for (; line > 0 && lines.is_comment(line - 1); --line)
            if (is_own_comment(lines, line - 1))
                found.insert(found.begin(), {lines.begin(line - 1), lines.begin(line), ""});
        return found;
    }

    Result<void> comment(const Path& path, const std::vector<std::string>& texts) {
        const auto entry = entry_at(path);
        if (!entry) return entry.error();
        const YamlLines lines(body_);
        std::vector<Splice> splices = own_comments_above(entry->begin);
        bool is_there = splices.size() == texts.size();
        for (std::size_t i = 0; i < texts.size() && is_there; ++i) {
            const std::string_view line =
                std::string_view(body_).substr(splices[i].begin, splices[i].end - splices[i].begin);
            is_there = base::trim(line) == own_comment(texts[i]);
        }
        if (is_there) return {};
        std::string block;
        for (const std::string& text : texts) {
            block += std::string(lines.indentation(entry->begin), ' ') + own_comment(text);
            block += lines.line_end(entry->begin);
        }
        splices.push_back({lines.begin(entry->begin), lines.begin(entry->begin), std::move(block)});
        return commit(std::move(splices), tree_);
    }

    static YamlTree& at(YamlTree& tree, const Path& path) {
        YamlTree* place = &tree;
        for (const std::string& key : path) place = const_cast<YamlTree*>(place->find(key));
        return *place;
    }

    // Whole lines to be put before a line. Behind a last line without an end, the last of them has none either.
    Splice lines_before(std::size_t line, std::string block) const {
        const YamlLines lines(body_);
        const std::size_t pos = lines.begin(line);
        if (pos == body_.size() && !body_.empty() && !body_.ends_with('\n')) {
            const std::string_view end = block.ends_with("\r\n") ? "\r\n" : "\n";
            block = std::string(end) + block.substr(0, block.size() - end.size());
        }
        return {pos, pos, std::move(block)};
    }

    Result<void> commit(std::vector<Splice> splices, const YamlTree& intent) {
        std::string edited;
        std::size_t pos = 0;
        for (const Splice& splice : splices) {
            if (splice.begin < pos) return Error{ErrorKind::internal, "two changes of one place"};
            edited.append(body_, pos, splice.begin - pos);
            edited += splice.text;
            pos = splice.end;
        }
        edited.append(body_, pos);
        if (edited.size() > kMaxYamlFile) return Error{ErrorKind::limit, "would be longer than 1 MiB"};
        auto tree = read_yaml_tree(edited);
        const std::size_t line = YamlLines(body_).at(splices.front().begin);
        if (!tree || !(*tree == intent))
            return refused(line, "a change here would change what other places mean; it has to be made by hand");
        body_ = std::move(edited);
        tree_ = std::move(*tree);
        return {};
    }

    std::string mark_;  // of the byte order
    std::string body_;
    YamlTree tree_;
};

// The line that is named is one of the text that was given, not of what earlier changes have made of it.
Error refusal_by_given_lines(std::string_view text, const YamlChange& change, const Error& error) {
    YamlEditor editor;
    if (auto ok = editor.open(text); !ok) return ok.error();
    if (auto done = editor.apply(change); !done) return done.error();
    const auto colon = error.message.find(": ");
    const bool has_line = error.message.starts_with("line ") && colon != std::string::npos;
    return {error.kind, has_line ? error.message.substr(colon + 2) : error.message};
}

}  // namespace

Result<std::string> edit_yaml(std::string_view text, std::span<const YamlChange> changes) {
    if (text.size() > kMaxYamlFile) return Error{ErrorKind::limit, "longer than 1 MiB"};
    YamlEditor editor;
    if (auto ok = editor.open(text); !ok) return ok.error();
    for (const YamlChange& change : changes)
        if (auto done = editor.apply(change); !done) return refusal_by_given_lines(text, change, done.error());
    return editor.text();
}

}  // namespace llmc::interop
