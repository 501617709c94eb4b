"""Invented works, set in the styles in which bibliographies are set. Each entry is a list of pieces, so that LaTeX, an
office program and the gold answer say the same words."""
import re

from texts import PEOPLE, VENUES, WORKS


class Work:
    def __init__(self, number):
        self.title = WORKS[number % len(WORKS)]
        count = 1 + (number * 7) % 4
        self.authors = [PEOPLE[(number * 5 + 3 * i) % len(PEOPLE)] for i in range(count)]
        self.venue, self.kind = VENUES[number % len(VENUES)]
        self.year = 2008 + (number * 11) % 17
        self.volume, self.issue, self.page = 3 + number % 29, 1 + number % 4, 11 + (number * 13) % 400
        self.doi = f"10.5555/{self.kind}{self.year}.{1000 + number * 17}" if self.kind == "j" and number % 3 != 1 else None
        self.arxiv = f"{self.year % 100:02d}{1 + number % 12:02d}.{10000 + number * 123}" if self.kind == "a" else None
        self.url = f"https://example.org/papers/{self.year}/{self.title.split()[0].lower().strip(',:')}-{number}.pdf" if self.kind == "p" and number % 4 == 0 else None
        self.suffix = ""

    def pages(self):
        return f"{self.page}–{self.page + 9}"

    def listed(self, name, last):
        """Authors in a list, each as `name` puts it."""
        names = [name(author) for author in self.authors]
        if len(names) == 1:
            return names[0]
        if len(names) == 2:
            return f"{names[0]} {last} {names[1]}"
        return f"{', '.join(names[:-1])}, {last} {names[-1]}"


def initial(author):
    given, family = author.split()
    return f"{given[0]}. {family}"


def family_first(author):
    given, family = author.split()
    return f"{family}, {given[0]}."


def pieces(style, work):
    """The entry without its label; {\\em …} parts are marked by underscores."""
    year = f"{work.year}{work.suffix}"
    arxiv = f"arXiv:{work.arxiv}"
    doi = work.doi
    if style == "plain":
        place = {"j": f"_{work.venue}_, {work.volume}({work.issue}):{work.pages()}, {work.year}", "p": f"In _{work.venue}_, pages {work.pages()}, {work.year}", "a": f"_arXiv preprint {arxiv}_, {work.year}"}[work.kind]
        end = f". doi:{doi}." if doi else (f". URL {work.url}." if work.url else ".")
        return f"{work.listed(initial, 'and')}. {work.title}. {place}{end}"
    if style == "natbib":
        place = {"j": f"_{work.venue}_, {work.volume}({work.issue}):{work.pages()}, {year}", "p": f"In _{work.venue}_, pp. {work.pages()}, {year}", "a": f"_arXiv preprint {arxiv}_, {year}"}[work.kind]
        end = f". doi: {doi}." if doi else (f". URL {work.url}." if work.url else ".")
        return f"{work.listed(str, 'and')}. {work.title}. {place}{end}"
    if style == "ieee":
        place = {"j": f"_{work.venue}_, vol. {work.volume}, no. {work.issue}, pp. {work.pages()}, {work.year}", "p": f"in _{work.venue}_, {work.year}, pp. {work.pages()}", "a": f"_{arxiv}_, {work.year}"}[work.kind]
        end = f", doi: {doi}." if doi else (f". [Online]. Available: {work.url}" if work.url else ".")
        return f"{work.listed(initial, 'and')}, “{work.title},” {place}{end}"
    if style == "apa":
        place = {"j": f"_{work.venue}_, {work.volume}({work.issue}), {work.pages()}", "p": f"In _{work.venue}_ (pp. {work.pages()})", "a": f"_{arxiv}_"}[work.kind]
        end = f". https://doi.org/{doi}" if doi else (f". {work.url}" if work.url else ".")
        return f"{work.listed(family_first, '&')} ({year}). {work.title}. {place}{end}"
    assert style == "acm"
    place = {"j": f"_{work.venue}_ {work.volume}, {work.issue} ({work.year}), {work.pages()}", "p": f"In _{work.venue}_. {work.pages()}", "a": f"_arXiv preprint {arxiv}_"}[work.kind]
    end = f". https://doi.org/{doi}" if doi else (f". {work.url}" if work.url else ".")
    return f"{work.listed(str, 'and')}. {work.year}. {work.title}. {place}{end}"


class Bibliography:
    def __init__(self, style, first, count):
        self.style = style
        self.works = [Work(first + i) for i in range(count)]
        self.is_numeric = style in ("plain", "ieee", "acm")
        if not self.is_numeric:
            # One author twice in a year, as happens.
            self.works[1].authors, self.works[1].year = list(self.works[0].authors), self.works[0].year
            self.works[0].suffix, self.works[1].suffix = "a", "b"
            self.order = sorted(range(count), key=lambda i: ([a.split()[1] for a in self.works[i].authors], self.works[i].year, self.works[i].suffix))
        else:
            self.order = list(range(count))

    def listed(self):
        return [(self.works[i], pieces(self.style, self.works[i]).replace("?.", "?"), i + 1) for i in self.order]

    def cited(self, numbers):
        """What stands in the text for a group of citations."""
        if self.is_numeric:
            return "[" + ", ".join(str(n) for n in numbers) + "]"
        return "(" + "; ".join(self.short(n) for n in numbers) + ")"

    def short(self, number):
        work = self.works[number - 1]
        families = [author.split()[1] for author in work.authors]
        joint = "&" if self.style == "apa" else "and"
        who = families[0] if len(families) == 1 else (f"{families[0]} {joint} {families[1]}" if len(families) == 2 else f"{families[0]} et al.")
        return f"{who}, {work.year}{work.suffix}"

    def gold(self):
        answer = []
        for work, text, number in self.listed():
            entry = {"text": re.sub("_", "", text), "title": work.title, "authors": work.authors, "year": work.year, "venue": None if work.kind == "a" else work.venue, "work": number}
            if self.style in ("plain", "ieee", "apa"):
                entry["authors"] = [initial(author) for author in work.authors]
            answer.append(entry | {key: value for key, value in (("doi", work.doi), ("arxivId", work.arxiv), ("url", work.url)) if value})
        return answer
