"""Draws the bar chart of the README: picture.py FILE. The figures are in bench/peers-figures.json; bench/README.md has them, too."""
import json
import pathlib
import sys
import xml.sax.saxutils

FIGURES = json.loads((pathlib.Path(__file__).resolve().parents[1] / "peers-figures.json").read_text(encoding="utf-8"))
PLACES = [(128, 62), (128, 242), (524, 62), (524, 242)]  # left and upper end of the bars of each chart
CHARTS = [(chart["title"], chart["conditions"], *place, list(chart["bars"].items())) for chart, place in zip(FIGURES["charts"], PLACES)]
STYLE = """
.lw{color-scheme:light dark;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.lw text{fill:#1f2328;font-size:13px;font-variant-numeric:tabular-nums}
.lw .title{font-size:17px;font-weight:600}
.lw .head{font-weight:600}
.lw .muted{fill:#59636e;font-size:12px}
.lw .end{text-anchor:end}
.lw .ground{fill:#fff}
.lw .ours{fill:#0072b2}
.lw .peer{fill:#a8b1ba}
@media (prefers-color-scheme:dark){
.lw text{fill:#e6edf3}
.lw .muted{fill:#9da7b1}
.lw .ground{fill:#0f1318}
.lw .ours{fill:#56b4e9}
.lw .peer{fill:#59636e}
}
"""


def text(x, y, words, kind=""):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y}"{kind}>{xml.sax.saxutils.escape(words)}</text>'


lines = ['<svg xmlns="http://www.w3.org/2000/svg" class="lw" role="img" viewBox="0 0 720 412" width="720" height="412" '
         'style="max-width:100%;height:auto">', "<title>Lanewise and its peers</title>"]
said = ". ".join(f"{head} ({small}): " + ", ".join(f"{name} {value:g}" for name, value in bars)
                 for head, small, _, _, bars in CHARTS)
lines += [f"<desc>{said}.</desc>", f"<style>{STYLE}</style>", '<rect width="720" height="412" class="ground"/>',
          text(24, 36, "Lanewise and its peers: less is better", "title")]
for head, small, left, top, bars in CHARTS:
    edge = 24 if left < 360 else 384
    lines += [text(edge, top + 8, head, "head"), text(edge, top + 26, small, "muted")]
    longest = max(value for _, value in bars)
    for i, (name, value) in enumerate(bars):
        y = top + 38 + 24 * i
        width = max(1, round((200 if left < 360 else 150) * value / longest, 1))
        ours = i == 0
        lines += [f'<rect x="{left}" y="{y}" width="{width:g}" height="16" class="{"ours" if ours else "peer"}"/>',
                  text(left - 8, y + 13, name, "end head" if ours else "end"),
                  text(left + width + 6, y + 13, f"{value:g}", "head" if ours else "")]
lines.append(text(24, 396, FIGURES["measured"], "muted"))
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write("\n".join(lines + ["</svg>", ""]))
