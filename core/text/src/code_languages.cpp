#include "code_languages.h"

#include <array>

namespace llmc::text {
namespace {

using Keyword = std::string_view;

constexpr Delimiter kLineComment{"//", "", Ink::comment, 0};
constexpr Delimiter kBlockComment{"/*", "*/", Ink::comment, kManyLines};
constexpr Delimiter kHashComment{"#", "", Ink::comment, 0};
constexpr Delimiter kHashWord{"#", "", Ink::comment, kAtWordStart};
constexpr Delimiter kDouble{"\"", "\"", Ink::string, kEscapes};
constexpr Delimiter kSingle{"'", "'", Ink::string, kEscapes};
constexpr Delimiter kSign{"'", "'", Ink::string, kEscapes | kOneSign};

// --- C and its kin

constexpr auto kCNames = std::to_array<Keyword>({"c", "h", "objc", "objective-c"});
constexpr std::array kCDelimiters{kLineComment, kBlockComment, kDouble, kSign};
constexpr auto kCWords = std::to_array<Keyword>(
    {"auto",    "bool",   "break",    "case",   "char",     "const",   "continue", "default",  "do",
     "double",  "else",   "enum",     "extern", "false",    "float",   "for",      "goto",     "if",
     "inline",  "int",    "int64_t",  "long",   "NULL",     "nullptr", "register", "restrict", "return",
     "short",   "signed", "size_t",   "sizeof", "static",   "struct",  "switch",   "true",     "typedef",
     "uint8_t", "union",  "unsigned", "void",   "volatile", "while",   "uint32_t", "uint64_t", "include",
     "define",  "ifdef",  "ifndef",   "endif",  "pragma"});

constexpr auto kCppNames = std::to_array<Keyword>({"cpp", "c++", "cc", "cxx", "hpp", "hh", "cuda"});
constexpr std::array kCppDelimiters{kLineComment, kBlockComment, Delimiter{"R\"(", ")\"", Ink::string, kManyLines},
                                    kDouble, kSign};
constexpr auto kCppWords = std::to_array<Keyword>({"alignas",
                                                   "alignof",
                                                   "auto",
                                                   "bool",
                                                   "break",
                                                   "case",
                                                   "catch",
                                                   "char",
                                                   "char8_t",
                                                   "class",
                                                   "co_await",
                                                   "co_return",
                                                   "co_yield",
                                                   "concept",
                                                   "const",
                                                   "const_cast",
                                                   "consteval",
                                                   "constexpr",
                                                   "constinit",
                                                   "continue",
                                                   "decltype",
                                                   "default",
                                                   "delete",
                                                   "do",
                                                   "double",
                                                   "dynamic_cast",
                                                   "else",
                                                   "enum",
                                                   "explicit",
                                                   "export",
                                                   "extern",
                                                   "false",
                                                   "final",
                                                   "float",
                                                   "for",
                                                   "friend",
                                                   "goto",
                                                   "if",
                                                   "inline",
                                                   "int",
                                                   "long",
                                                   "mutable",
                                                   "namespace",
                                                   "new",
                                                   "noexcept",
                                                   "nullptr",
                                                   "operator",
                                                   "override",
                                                   "private",
                                                   "protected",
                                                   "public",
                                                   "register",
                                                   "reinterpret_cast",
                                                   "requires",
                                                   "return",
                                                   "short",
                                                   "signed",
                                                   "sizeof",
                                                   "static",
                                                   "static_assert",
                                                   "static_cast",
                                                   "struct",
                                                   "switch",
                                                   "template",
                                                   "this",
                                                   "thread_local",
                                                   "throw",
                                                   "true",
                                                   "try",
                                                   "typedef",
                                                   "typeid",
                                                   "typename",
                                                   "union",
                                                   "unsigned",
                                                   "using",
                                                   "virtual",
                                                   "void",
                                                   "volatile",
                                                   "wchar_t",
                                                   "while",
                                                   "include",
                                                   "define",
                                                   "ifdef",
                                                   "ifndef",
                                                   "endif",
                                                   "pragma"});

constexpr auto kCSharpNames = std::to_array<Keyword>({"csharp", "c#", "cs"});
constexpr std::array kCSharpDelimiters{kLineComment,
                                       kBlockComment,
                                       Delimiter{"\"\"\"", "\"\"\"", Ink::string, kManyLines},
                                       Delimiter{"@\"", "\"", Ink::string, kManyLines | kDoubled},
                                       kDouble,
                                       kSign};
constexpr auto kCSharpWords = std::to_array<Keyword>(
    {"abstract", "as",       "async",     "await",    "base",   "bool",     "break",   "byte",     "case",
     "catch",    "char",     "checked",   "class",    "const",  "continue", "decimal", "default",  "delegate",
     "do",       "double",   "else",      "enum",     "event",  "explicit", "extern",  "false",    "finally",
     "fixed",    "float",    "for",       "foreach",  "get",    "goto",     "if",      "implicit", "in",
     "init",     "int",      "interface", "internal", "is",     "lock",     "long",    "nameof",   "namespace",
     "new",      "null",     "object",    "operator", "out",    "override", "params",  "private",  "protected",
     "public",   "readonly", "record",    "ref",      "return", "sbyte",    "sealed",  "set",      "short",
     "sizeof",   "static",   "string",    "struct",   "switch", "this",     "throw",   "true",     "try",
     "typeof",   "uint",     "ulong",     "using",    "var",    "virtual",  "void",    "volatile", "when",
     "where",    "while",    "yield"});

constexpr auto kJavaNames = std::to_array<Keyword>({"java", "kotlin", "kt"});
constexpr std::array kJavaDelimiters{kLineComment, kBlockComment,
                                     Delimiter{"\"\"\"", "\"\"\"", Ink::string, kManyLines | kEscapes}, kDouble, kSign};
constexpr auto kJavaWords = std::to_array<Keyword>(
    {"abstract",     "assert", "boolean",    "break",   "byte",      "case",     "catch",     "char",
     "class",        "const",  "continue",   "default", "do",        "double",   "else",      "enum",
     "extends",      "false",  "final",      "finally", "float",     "for",      "fun",       "if",
     "implements",   "import", "instanceof", "int",     "interface", "long",     "native",    "new",
     "null",         "object", "override",   "package", "permits",   "private",  "protected", "public",
     "record",       "return", "sealed",     "short",   "static",    "strictfp", "super",     "switch",
     "synchronized", "this",   "throw",      "throws",  "transient", "true",     "try",       "val",
     "var",          "void",   "volatile",   "when",    "while",     "yield",    "in",        "is",
     "as",           "data"});

constexpr auto kJsNames =
    std::to_array<Keyword>({"javascript", "js", "jsx", "mjs", "node", "typescript", "ts", "tsx", "mts"});
constexpr std::array kJsDelimiters{kLineComment, kBlockComment, kDouble, kSingle,
                                   Delimiter{"`", "`", Ink::string, kManyLines | kEscapes}};
constexpr auto kJsWords = std::to_array<Keyword>(
    {"abstract", "any",        "as",       "async",     "await",      "boolean",   "break",     "case",     "catch",
     "class",    "const",      "continue", "debugger",  "declare",    "default",   "delete",    "do",       "else",
     "enum",     "export",     "extends",  "false",     "finally",    "for",       "from",      "function", "get",
     "if",       "implements", "import",   "in",        "instanceof", "interface", "keyof",     "let",      "namespace",
     "never",    "new",        "null",     "number",    "of",         "private",   "protected", "public",   "readonly",
     "return",   "set",        "static",   "string",    "super",      "switch",    "this",      "throw",    "true",
     "try",      "type",       "typeof",   "undefined", "unknown",    "var",       "void",      "while",    "with",
     "yield",    "satisfies",  "infer",    "is"});

constexpr auto kRustNames = std::to_array<Keyword>({"rust", "rs"});
constexpr std::array kRustDelimiters{kLineComment,
                                     Delimiter{"/*", "*/", Ink::comment, kManyLines | kNests},
                                     Delimiter{"r#\"", "\"#", Ink::string, kManyLines},
                                     Delimiter{"r\"", "\"", Ink::string, kManyLines},
                                     Delimiter{"\"", "\"", Ink::string, kManyLines | kEscapes},
                                     kSign};
constexpr auto kRustWords = std::to_array<Keyword>(
    {"as",     "async",  "await", "bool",   "break",  "char",  "const", "continue",   "crate", "dyn", "else",   "enum",
     "extern", "f32",    "f64",   "false",  "fn",     "for",   "i16",   "i32",        "i64",   "i8",  "if",     "impl",
     "in",     "isize",  "let",   "loop",   "match",  "mod",   "move",  "mut",        "pub",   "ref", "return", "self",
     "Self",   "static", "str",   "String", "struct", "super", "trait", "true",       "type",  "u16", "u32",    "u64",
     "u8",     "unsafe", "use",   "usize",  "where",  "while", "yield", "macro_rules"});

constexpr auto kGoNames = std::to_array<Keyword>({"go", "golang"});
constexpr std::array kGoDelimiters{kLineComment, kBlockComment, kDouble, Delimiter{"`", "`", Ink::string, kManyLines},
                                   kSign};
constexpr auto kGoWords = std::to_array<Keyword>(
    {"any",  "bool",    "break",       "byte",   "case",    "chan",    "const",   "continue",  "default", "defer",
     "else", "error",   "fallthrough", "false",  "float32", "float64", "for",     "func",      "go",      "goto",
     "if",   "import",  "int",         "int16",  "int32",   "int64",   "int8",    "interface", "iota",    "map",
     "nil",  "package", "range",       "return", "rune",    "select",  "string",  "struct",    "switch",  "true",
     "type", "uint",    "uint16",      "uint32", "uint64",  "uint8",   "uintptr", "var",       "make"});

// --- Scripts

constexpr auto kPythonNames = std::to_array<Keyword>({"python", "py", "python3", "pyi"});
constexpr std::array kPythonDelimiters{kHashComment, Delimiter{"\"\"\"", "\"\"\"", Ink::string, kManyLines | kEscapes},
                                       Delimiter{"'''", "'''", Ink::string, kManyLines | kEscapes}, kDouble, kSingle};
constexpr auto kPythonWords = std::to_array<Keyword>(
    {"False",    "None", "True", "and",    "as",    "assert",   "async",   "await", "break", "case",   "class",
     "continue", "def",  "del",  "elif",   "else",  "except",   "finally", "for",   "from",  "global", "if",
     "import",   "in",   "is",   "lambda", "match", "nonlocal", "not",     "or",    "pass",  "raise",  "return",
     "self",     "try",  "type", "while",  "with",  "yield",    "print",   "len",   "range"});

constexpr auto kShellNames = std::to_array<Keyword>({"shell", "sh", "bash", "zsh", "console", "shellscript"});
constexpr std::array kShellDelimiters{kHashWord, Delimiter{"\"", "\"", Ink::string, kManyLines | kEscapes},
                                      Delimiter{"'", "'", Ink::string, kManyLines}};
constexpr auto kShellWords = std::to_array<Keyword>(
    {"case",  "do",     "done",     "echo", "elif", "else",  "esac",  "eval",     "exec",   "exit",   "export",
     "fi",    "for",    "function", "if",   "in",   "local", "read",  "readonly", "return", "select", "set",
     "shift", "source", "sudo",     "then", "trap", "unset", "until", "while",    "cd",     "test"});

constexpr auto kSqlNames = std::to_array<Keyword>({"sql", "postgresql", "postgres", "mysql", "sqlite", "plsql"});
constexpr std::array kSqlDelimiters{Delimiter{"--", "", Ink::comment, 0}, kBlockComment,
                                    Delimiter{"'", "'", Ink::string, kManyLines | kDoubled},
                                    Delimiter{"\"", "\"", Ink::string, kDoubled}};
constexpr auto kSqlWords = std::to_array<Keyword>(
    {"add",        "all",     "alter",  "and",      "any",       "as",       "asc",        "begin",     "between",
     "bigint",     "boolean", "by",     "cascade",  "case",      "cast",     "check",      "column",    "commit",
     "constraint", "create",  "cross",  "current",  "database",  "date",     "default",    "delete",    "desc",
     "distinct",   "drop",    "else",   "end",      "except",    "exists",   "explain",    "false",     "fetch",
     "foreign",    "from",    "full",   "function", "group",     "having",   "if",         "in",        "index",
     "inner",      "insert",  "int",    "integer",  "intersect", "interval", "into",       "is",        "join",
     "key",        "left",    "like",   "limit",    "not",       "null",     "numeric",    "offset",    "on",
     "or",         "order",   "outer",  "over",     "partition", "primary",  "references", "returning", "right",
     "rollback",   "select",  "set",    "table",    "text",      "then",     "timestamp",  "to",        "true",
     "union",      "unique",  "update", "using",    "values",    "varchar",  "view",       "when",      "where",
     "with"});

// --- Data and documents

constexpr auto kJsonNames = std::to_array<Keyword>({"json", "jsonc", "json5", "jsonl"});
constexpr std::array kJsonDelimiters{kLineComment, kBlockComment, kDouble};
constexpr auto kJsonWords = std::to_array<Keyword>({"false", "null", "true"});

constexpr auto kYamlNames = std::to_array<Keyword>({"yaml", "yml", "toml", "ini"});
constexpr std::array kYamlDelimiters{kHashWord, Delimiter{"\"", "\"", Ink::string, kEscapes},
                                     Delimiter{"'", "'", Ink::string, kDoubled}};
constexpr auto kYamlWords = std::to_array<Keyword>({"false", "no", "null", "off", "true", "yes"});

constexpr auto kMarkupNames = std::to_array<Keyword>({"html", "xml", "xhtml", "svg", "vue", "htm", "xsd"});
constexpr std::array kMarkupDelimiters{Delimiter{"<!--", "-->", Ink::comment, kManyLines}};

constexpr auto kCssNames = std::to_array<Keyword>({"css", "scss", "less"});
constexpr std::array kCssDelimiters{kBlockComment, kDouble, kSingle};

constexpr auto kDiffNames = std::to_array<Keyword>({"diff", "patch", "udiff"});

constexpr std::array kLanguages{
    CodeLanguage{kCNames, kCDelimiters, kCWords},
    CodeLanguage{kCppNames, kCppDelimiters, kCppWords},
    CodeLanguage{kCSharpNames, kCSharpDelimiters, kCSharpWords},
    CodeLanguage{kJavaNames, kJavaDelimiters, kJavaWords},
    CodeLanguage{kJsNames, kJsDelimiters, kJsWords, "$"},
    CodeLanguage{kRustNames, kRustDelimiters, kRustWords},
    CodeLanguage{kGoNames, kGoDelimiters, kGoWords},
    CodeLanguage{kPythonNames, kPythonDelimiters, kPythonWords},
    CodeLanguage{kShellNames, kShellDelimiters, kShellWords, "-"},
    CodeLanguage{kSqlNames, kSqlDelimiters, kSqlWords, "", true},
    CodeLanguage{kJsonNames, kJsonDelimiters, kJsonWords, "", false, Grammar::keys},
    CodeLanguage{kYamlNames, kYamlDelimiters, kYamlWords, "-.", false, Grammar::keys},
    CodeLanguage{kMarkupNames, kMarkupDelimiters, {}, "-:", false, Grammar::markup},
    CodeLanguage{kCssNames, kCssDelimiters, {}, "-", false, Grammar::rules},
    CodeLanguage{kDiffNames, {}, {}, "", false, Grammar::diff},
};

}  // namespace

std::span<const CodeLanguage> code_languages() {
    return kLanguages;
}

}  // namespace llmc::text
