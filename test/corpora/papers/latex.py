"""Sets a paper of the corpus by pdflatex, in one of several styles."""
import re, subprocess

ROMAN = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
UNNUMBERED = {"manuscript"}
TWO_COLUMNS = {"two", "roman", "acm", "narrow"}

CLASSES = {
    "one": (r"11pt", r"\usepackage[letterpaper,margin=28mm]{geometry}\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}\lhead{Notes on small networks}\rhead{Preprint, not reviewed}\cfoot{\thepage}\usepackage[hidelinks]{hyperref}"),
    "two": (r"10pt,twocolumn", r"\usepackage[a4paper,margin=19mm,columnsep=7mm]{geometry}\usepackage{mathptmx}\usepackage[hidelinks]{hyperref}"),
    "roman": (r"10pt,twocolumn", r"\usepackage[letterpaper,margin=18mm,columnsep=5mm]{geometry}\usepackage{mathptmx}\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}\fancyhead[L]{\scriptsize THIRD WORKSHOP ON CAREFUL COMPARISON}\fancyhead[R]{\scriptsize\thepage}\renewcommand{\headrulewidth}{0pt}\usepackage{url}"),
    "review": (r"10pt", r"\usepackage[letterpaper,textwidth=140mm,textheight=229mm]{geometry}\usepackage{mathptmx}\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}\lhead{Under review as a conference paper}\cfoot{\thepage}\usepackage[hidelinks]{hyperref}\usepackage{lineno}\AtBeginDocument{\linenumbers}"),
    "authors": (r"10pt", r"\usepackage[letterpaper,textwidth=140mm,textheight=229mm]{geometry}\usepackage{mathptmx}\usepackage[colorlinks,allcolors=blue]{hyperref}"),
    "acm": (r"9pt,twocolumn", r"\usepackage[letterpaper,margin=19mm,columnsep=8mm]{geometry}\usepackage{lmodern}\usepackage[T1]{fontenc}\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}\fancyhead[LE,LO]{\sffamily\scriptsize Invented Results ’25, Nowhere}\fancyhead[RE,RO]{\sffamily\scriptsize Ash and Cedar}\renewcommand{\headrulewidth}{0pt}\usepackage{url}"),
    "manuscript": (r"12pt", r"\usepackage[a4paper,margin=30mm]{geometry}\linespread{1.7}\usepackage[hidelinks]{hyperref}\usepackage{lineno}\AtBeginDocument{\linenumbers}"),
    "narrow": (r"9pt,twocolumn", r"\usepackage[a5paper,margin=11mm,columnsep=5mm]{geometry}\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{microtype}\usepackage{url}"),
    "tables": (r"10pt", r"\usepackage[a4paper,margin=25mm]{geometry}\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}\rhead{Report 7}\cfoot{-- \thepage\ --}\usepackage{url}"),
}

COMMON = r"""
\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{amsmath,amssymb,booktabs,graphicx}
\hyphenpenalty=20 \emergencystretch=1em
"""

SECTIONS = {
    "roman": r"""\makeatletter
\renewcommand{\thesection}{\Roman{section}}\renewcommand{\thesubsection}{\Alph{subsection}}
\renewcommand{\section}{\@startsection{section}{1}{0pt}{9pt plus 3pt}{4pt}{\centering\normalfont\scshape}}
\renewcommand{\subsection}{\@startsection{subsection}{2}{0pt}{8pt plus 2pt}{3pt}{\normalfont\itshape}}
\renewcommand{\@seccntformat}[1]{\csname the#1\endcsname.\ \ }
\renewcommand{\thetable}{\Roman{table}}\renewcommand{\tablename}{TABLE}\renewcommand{\figurename}{Fig.}
\makeatother""",
    "review": r"""\makeatletter
\renewcommand{\section}{\@startsection{section}{1}{0pt}{12pt plus 3pt}{6pt}{\large\scshape\raggedright}}
\renewcommand{\subsection}{\@startsection{subsection}{2}{0pt}{10pt plus 2pt}{4pt}{\normalsize\scshape\raggedright}}
\makeatother""",
    "acm": r"""\makeatletter
\renewcommand{\section}{\@startsection{section}{1}{0pt}{9pt plus 3pt}{3pt}{\sffamily\bfseries\large\MakeUppercase}}
\renewcommand{\subsection}{\@startsection{subsection}{2}{0pt}{8pt plus 2pt}{3pt}{\sffamily\bfseries\normalsize}}
\makeatother""",
}


def typeset(paper, bibliography, folder):
    source = document(paper, bibliography)
    (folder / "paper.tex").write_text(source)
    for _ in range(3):
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "paper"], cwd=folder, capture_output=True, text=True, errors="replace")
    errors = [line for line in done.stdout.split("\n") if line.startswith("!")]
    if errors or not (folder / "paper.pdf").exists():
        raise SystemExit(f"{paper['title']}: {errors}\n{done.stdout[-3000:]}")
    return folder / "paper.pdf"


def headings(style, body):
    """The headings as they are printed, with their numbers."""
    answer, numbers, letters = [], [0, 0], False
    for kind, text, *_ in body:
        if kind in ("h1", "a1"):
            if kind == "a1" and not letters:
                numbers, letters = [0, 0], True
            numbers = [numbers[0] + 1, 0]
        elif kind in ("h2", "a2"):
            numbers[1] += 1
        else:
            continue
        answer.append(f"{number(style, kind, numbers)}{text}")
    return answer


def number(style, kind, numbers):
    if style in UNNUMBERED:
        return ""
    if style == "roman":
        return f"{ROMAN[numbers[0]]}. " if kind == "h1" else f"{chr(64 + numbers[1])}. "
    top = chr(64 + numbers[0]) if kind[0] == "a" else str(numbers[0])
    return f"{top} " if kind[1] == "1" else f"{top}.{numbers[1]} "


def document(paper, bibliography):
    style = paper["style"]
    options, packages = CLASSES[style]
    size = "10pt" if options.startswith("9pt") else options.split(",")[0]
    two = ",twocolumn" if style in TWO_COLUMNS else ""
    small = r"\renewcommand{\normalsize}{\fontsize{9}{11}\selectfont}\normalsize" if options.startswith("9pt") else ""
    return "\n".join([
        rf"\documentclass[{size}{two}]{{article}}", COMMON, packages, small, SECTIONS.get(style, ""),
        r"\begin{document}", front(paper), blocks(paper, bibliography), r"\end{document}"])


def front(paper):
    style, title, abstract = paper["style"], escaped(paper["title"]), escaped(paper["abstract"])
    names = paper["authors"]
    if style == "authors":
        people = "".join(rf"\begin{{tabular}}[t]{{c}}\textbf{{{name}}}\\ Institute of Trees\\ \texttt{{{name.split()[0].lower()}@example.org}}\end{{tabular}}\hskip 1em plus 1fil " + (r"\\[8pt]" if i == 1 else "") for i, name in enumerate(names))
        return rf"\thispagestyle{{empty}}\begin{{center}}\rule{{\textwidth}}{{2pt}}\\[6pt]{{\LARGE\bfseries {title}\par}}\vskip 4pt\rule{{\textwidth}}{{1pt}}\\[10pt]{people}\end{{center}}\begingroup\renewcommand{{\thefootnote}}{{}}\footnotetext{{Preprint. Under review.}}\endgroup\vskip 10pt\begin{{abstract}}{abstract}\end{{abstract}}"
    if style == "review":
        return rf"\thispagestyle{{fancy}}{{\LARGE\scshape\raggedright {title}\par}}\vskip 14pt\noindent\textbf{{{names[0]}}}\\Paper under double-blind review\vskip 14pt\begin{{center}}{{\large\scshape Abstract}}\end{{center}}\begin{{quote}}{abstract}\end{{quote}}"
    who = {
        "roman": r" \and ".join(rf"{n}\\ \textit{{Institute of Trees}}\\ \textit{{University of Nowhere}}\\ {n.split()[0].lower()}@example.org" for n in names),
        "acm": r" \and ".join(rf"{n}\\ \small Institute of Trees\\ \small {n.split()[0].lower()}@example.org" for n in names),
        "two": ", ".join(rf"{n}$^{{{i}}}$" for i, n in enumerate(names, 1)) + r"\\ $^1$Institute of Trees \quad $^2$University of Nowhere",
    }.get(style, r" \and ".join(rf"{n}\\ University of Nowhere" for n in names))
    head = rf"\title{{{title}}}\author{{{who}}}\date{{{'May 2025' if style in ('one', 'manuscript') else ''}}}\maketitle"
    if style == "roman":
        return head + rf"\thispagestyle{{fancy}}{{\bfseries\small\noindent\hskip 1em\textit{{Abstract}}---{abstract}\par}}\vskip 4pt{{\bfseries\small\noindent\hskip 1em\textit{{Index Terms}}---attention, forecasting, spectra\par}}"
    if style == "acm":
        return head + rf"\thispagestyle{{fancy}}\section*{{Abstract}}{abstract}\section*{{Keywords}}curriculum learning, data order, replication"
    return head + rf"\begin{{abstract}}{abstract}\end{{abstract}}"


def blocks(paper, bibliography):
    style, out, appendix = paper["style"], [], False
    own = list(paper["body"])
    first_appendix = next((i for i, block in enumerate(own) if block[0] == "a1"), len(own))
    for i, block in enumerate(own):
        if i == first_appendix:
            out += [references(paper, bibliography), r"\appendix"]
        out.append(one(block, style, bibliography))
    if first_appendix == len(own):
        out.append(references(paper, bibliography))
    return "\n\n".join(out)


def one(block, style, bibliography):
    kind, text = block[0], block[1]
    star = "*" if style in UNNUMBERED else ""
    if kind in ("h1", "a1"):
        return rf"\section{star}{{{escaped(text)}}}"
    if kind in ("h2", "a2"):
        return rf"\subsection{star}{{{escaped(text)}}}"
    if kind == "p":
        return cited(escaped(text), bibliography)
    if kind == "list":
        return r"\begin{itemize}" + "".join(rf"\item {escaped(item)}" for item in text) + r"\end{itemize}"
    if kind == "eq":
        return rf"\begin{{equation}}{text}\end{{equation}}" if style != "narrow" and style not in TWO_COLUMNS else rf"\begin{{equation}}\resizebox{{0.8\columnwidth}}{{!}}{{$\displaystyle {text}$}}\end{{equation}}"
    if kind == "figure":
        return rf"\begin{{figure}}[tb]\centering\resizebox{{0.8\linewidth}}{{!}}{{{DRAWING}}}\caption{{{escaped(text)}}}\end{{figure}}"
    return table(text, block[2], style)


DRAWING = r"\setlength{\unitlength}{0.7pt}\begin{picture}(240,110)\put(20,15){\vector(1,0){210}}\put(20,15){\vector(0,1){90}}\qbezier(20,95)(60,40)(220,30)\qbezier(20,80)(120,75)(220,20)\put(112,0){\scriptsize steps}\put(0,60){\rotatebox{90}{\scriptsize value}}\put(190,38){\scriptsize ours}\end{picture}"


def table(caption, rows, style):
    columns = "l" + "r" * (len(rows[0]) - 1) if any(ch.isdigit() for ch in rows[1][-1]) else "l" * len(rows[0])
    wide = "*" if style in TWO_COLUMNS and len(rows[0]) > 4 else ""
    lines = [" & ".join(escaped(cell) for cell in row) + r"\\" for row in rows]
    inner = rf"\begin{{tabular}}{{{columns}}}\toprule {lines[0]}\midrule {' '.join(lines[1:])}\bottomrule\end{{tabular}}"
    small = r"\scriptsize\setlength{\tabcolsep}{2pt}" if style == "narrow" else r"\small"
    place = "[ht]" if style == "tables" else "[tb]"
    return rf"\begin{{table{wide}}}{place}\centering\caption{{{escaped(caption)}}}{small} {inner}\end{{table{wide}}}"


def references(paper, bibliography):
    style = paper["style"]
    items = []
    for _, text, number in bibliography.listed():
        shown = re.sub(r"_([^_]*)_", r"\\emph{\1}", escaped(re.sub(r"https?://\S+?(?=\.?$)", lambda m: rf"\url{{{m[0]}}}", text)))
        items.append((number, shown))
    small = r"\small" if style != "manuscript" else ""
    if bibliography.is_numeric:
        return rf"{small}\begin{{thebibliography}}{{99}}" + "\n".join(rf"\bibitem{{r{number}}} {text}" for number, text in items) + r"\end{thebibliography}\normalsize"
    return rf"\section*{{References}}{small}\begin{{list}}{{}}{{\leftmargin=1.2em\itemindent=-1.2em\itemsep=3pt\parsep=0pt}}" + "\n".join(rf"\item[] {text}" for _, text in items) + r"\end{list}\normalsize"


def cited(text, bibliography):
    def group(match):
        numbers = [int(n) for n in match[1].split(",")]
        return r"\cite{" + ",".join(f"r{n}" for n in numbers) + "}" if bibliography.is_numeric else escaped(bibliography.cited(numbers))
    return re.sub(r"\{c:([\d,]+)\}", group, text)


def escaped(text):
    return re.sub(r"(?<!\\)([%&#])", r"\\\1", text).replace(" -", " --") if "url" not in text else re.sub(r"(?<!\\)([%&])", r"\\\1", text)
