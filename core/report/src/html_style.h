// The style sheet of the HTML report: the window's colours by role, light and dark, and how it prints. It fetches
// nothing.
#pragma once

#include <string_view>

namespace llmc::report {

inline constexpr std::string_view kHtmlStyle = R"css(
:root { color-scheme: light dark; --gap: 12px; --column: 340px;
  --bg0: #ECEEF1; --bg1: #FFFFFF; --bg2: #F1F3F5; --line: #D8DCE1; --text: #1F2328; --weak: #5C646D;
  --accent: #2F63C9; --good: #237A41; --warn: #8F5500; --bad: #BA3025; }
@media (prefers-color-scheme: dark) { :root {
  --bg0: #141518; --bg1: #1C1D21; --bg2: #25272C; --line: #303339; --text: #E3E5E8; --weak: #9097A1;
  --accent: #7AA5FF; --good: #5BB974; --warn: #E5A84B; --bad: #E5675B; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px; background: var(--bg0); color: var(--text);
  font: 15px/22px Inter, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
h1 { font-size: 22px; line-height: 28px; margin: 0 0 12px; }
h2 { font-size: 16px; margin: 32px 0 8px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: 12.5px; margin: 0 0 4px; color: var(--weak); }
pre, .text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
pre { font: 12.5px/19px "JetBrains Mono", ui-monospace, "DejaVu Sans Mono", monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
dt { color: var(--weak); }
dd { margin: 0; overflow-wrap: anywhere; }
.panel { background: var(--bg1); border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; margin-bottom: var(--gap); }
.halted { border-left: 4px solid var(--bad); }
.halted strong, .bad { color: var(--bad); }
.good { color: var(--good); }
.warn { color: var(--warn); }
.running { color: var(--accent); }
.weak { color: var(--weak); }
.small { font-size: 12.5px; line-height: 18px; }
.scroll { overflow-x: auto; }
.grid { display: grid; grid-template-columns: repeat(var(--columns), minmax(var(--column), 1fr)); gap: var(--gap); }
.head { background: var(--bg1); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; }
.prompt { grid-column: 1 / -1; background: var(--bg2); border-left: 3px solid var(--accent); border-radius: 6px; padding: 10px 14px; }
.prompt > div { position: sticky; left: 14px; max-width: calc(100vw - 96px); }
.answer { background: var(--bg1); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; min-width: 0; }
.incomplete { border: 2px dashed var(--bad); }
.incomplete.stopped { border-color: var(--warn); }
.absent { border: 1px dashed var(--line); border-radius: 6px; padding: 10px 14px; color: var(--weak); }
.state { font-size: 12.5px; font-weight: 600; margin-bottom: 6px; }
.note { border-left: 3px solid var(--warn); padding-left: 8px; margin: 6px 0; overflow-wrap: anywhere; }
.note.bad { border-color: var(--bad); }
.figures { margin-top: 8px; padding-top: 6px; border-top: 1px solid var(--line); color: var(--weak); }
.earlier { border-bottom: 1px solid var(--line); padding-bottom: 10px; margin-bottom: 10px; }
.verdict { border-left: 4px solid var(--accent); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: var(--gap); }
.plot { display: grid; grid-template-columns: minmax(60px, max-content) minmax(60px, 1fr) max-content; gap: 2px 10px; align-items: center; margin: 0; }
.plot h4 { grid-column: 1 / -1; }
.plot .label { overflow-wrap: anywhere; max-width: 220px; }
.plot svg { width: 100%; height: 20px; }
.plot .track { fill: var(--bg2); }
.plot .bar { fill: var(--accent); }
.plot .range { fill: var(--text); }
.md { overflow-wrap: anywhere; margin-bottom: 6px; }
.md > :first-child { margin-top: 0; }
.md > :last-child { margin-bottom: 0; }
.md p, .md ul, .md ol, .md blockquote, .md pre, .md .scroll { margin: 0 0 8px; }
.md p, .md li, .md h5, .md h6, .md td, .md th { unicode-bidi: plaintext; }
.md ul, .md ol { padding-left: 22px; }
.md h5, .md h6 { font-size: 15px; margin: 12px 0 6px; }
.md h5 { font-size: 17px; }
.md blockquote { border-left: 3px solid var(--line); padding-left: 10px; color: var(--weak); }
.md code { font: 12.5px/19px "JetBrains Mono", ui-monospace, "DejaVu Sans Mono", monospace; background: var(--bg2); border-radius: 3px; padding: 0 3px; }
.md pre { background: var(--bg0); border-radius: 5px; padding: 8px 10px; }
.md hr { border: 0; border-top: 1px solid var(--line); }
.address { color: var(--weak); font-size: 12.5px; }
.i-c { color: var(--weak); }
.i-s { color: var(--good); }
.i-n { color: var(--warn); }
.i-k { color: var(--accent); }
.i-a { color: var(--good); }
.i-r { color: var(--bad); }
details { margin: 6px 0; color: var(--weak); }
summary { cursor: pointer; font-size: 12.5px; }
details > .text { border-left: 2px solid var(--line); padding-left: 10px; margin-top: 4px; }
table { border-collapse: collapse; font-size: 12.5px; line-height: 18px; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 4px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--weak); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
@media print {
  :root { color-scheme: light; --bg0: #FFFFFF; --bg1: #FFFFFF; --bg2: #F1F3F5; --line: #B8BEC6; --text: #000000; --weak: #444B53;
    --accent: #2F63C9; --good: #237A41; --warn: #8F5500; --bad: #BA3025; --column: 0; }
  @page { size: landscape; margin: 12mm; }
  body { padding: 0; font-size: 10pt; line-height: 14pt; }
  .scroll { overflow: visible; }
  .prompt > div { position: static; max-width: none; }
  .prompt, h2, h3, h4, .state { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  table { font-size: 7pt; line-height: 10pt; }
  th, td { white-space: normal; padding: 2px 4px; }
}
)css";

}  // namespace llmc::report
