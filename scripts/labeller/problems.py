"""GSM8K's training problems as data: text steps with their calculations, and steps made wrong by rule.

A line of GSM8K carries its calculations as <<48/2=24>>. A wrong step is a right one with one calculation changed: its
result, one of its operands, or its operator; what follows from a changed value is changed in the rest of the solution.
"""

import ast
import json
import operator
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

CALCULATION = re.compile(r"<<([^<>=]+)=([^<>]+)>>")
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\d])")


@dataclass(frozen=True)
class Calculation:
    expression: str
    result: str


@dataclass(frozen=True)
class Line:
    """`text` has {0}, {1}, … where the calculations' results stand and [[0]], [[1]], … where their expressions do."""

    text: str
    calculations: tuple[Calculation, ...]

    def plain(self) -> str:
        text = self.text
        for index, calculation in enumerate(self.calculations):
            text = text.replace(f"[[{index}]]", calculation.expression).replace(f"{{{index}}}", calculation.result)
        return text


@dataclass(frozen=True)
class Problem:
    question: str
    lines: tuple[Line, ...]
    answer: str


def read_problems(path: Path) -> list[Problem]:
    problems = []
    for raw in path.open():
        record = json.loads(raw)
        solution, _, answer = record["answer"].rpartition("####")
        lines = tuple(parse_line(line) for line in solution.strip().split("\n") if line.strip())
        problems.append(Problem(record["question"].strip(), lines, answer.strip().replace(",", "")))
    return problems


def parse_line(line: str) -> Line:
    """Finds each calculation's expression and result in the words around it."""
    calculations = []
    text = ""
    at = 0
    for match in CALCULATION.finditer(line):
        expression, result = match.group(1), match.group(2).strip()
        before = line[at : match.start()]
        index = len(calculations)
        spelled = re.search(r"([\d$.,%()/*x×+\- ]*\d[\d$.,%()/*x×+\- ]*)(\s*=\s*\$?)$", before)
        after = line[match.end() :]
        stated = re.match(re.escape(result), after)
        if stated and value_of(expression) is not None:
            if spelled and value_of(spelled.group(1)) == value_of(expression):
                words = spelled.group(1)
                lead = len(words) - len(words.lstrip())
                begin = spelled.start(1) + lead
                end = spelled.start(1) + len(words.rstrip())
                text += before[:begin] + f"[[{index}]]" + before[end:] + f"{{{index}}}"
                calculations.append(Calculation(before[begin:end], result))
            else:
                text += before + f"{{{index}}}"
                calculations.append(Calculation(expression, result))
            at = match.end() + stated.end()
        else:
            text += before
            at = match.end()
    return Line(text + line[at:], tuple(calculations))


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def value_of(expression: str) -> float | None:
    """The value of plain arithmetic, or None."""
    cleaned = expression.replace("$", "").replace(",", "").replace("×", "*").replace("x", "*").strip()
    cleaned = re.sub(r"(\d(?:\.\d+)?)%", r"\1/100", cleaned)
    cleaned = re.sub(r"(?<![\d.])0+(?=\d)", "", cleaned)
    try:
        return evaluate(ast.parse(cleaned, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError):
        return None


def evaluate(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](evaluate(node.left), evaluate(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -evaluate(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    raise ValueError("no plain arithmetic")


def printed(value: float) -> str:
    rounded = round(value, 2)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.2f}".rstrip("0")


def numbers_in(text: str) -> list[str]:
    return [match.group().replace(",", "") for match in NUMBER.finditer(text)]


def spoil(problem: Problem, at: int, rng: random.Random) -> Problem | None:
    """The problem with a wrong step `at`, and its consequences after it; None where that line has nothing to change.

    `answer` becomes the wrong final answer that follows, or stays where the change does not reach it.
    """
    line = problem.lines[at]
    if not line.calculations:
        return misstate(problem, at, rng)
    which = rng.randrange(len(line.calculations))
    old = line.calculations[which]
    kind = rng.choices(("result", "operand", "operator", "drop"), (0.3, 0.4, 0.2, 0.1))[0]
    new = change(old, kind, known_numbers(problem, at), rng)
    if new is None or same(new.result, old.result):
        return None
    lines = list(problem.lines)
    lines[at] = with_calculation(line, which, new)
    answer = problem.answer
    moved = {canonical(old.result): new.result}
    lines[at] = recompute(restate(lines[at], moved, problem), which + 1, moved)
    for index in range(at + 1, len(lines)):
        lines[index] = recompute(restate(lines[index], moved, problem), 0, moved)
    answer = moved.get(canonical(answer), answer)
    return replace(problem, lines=tuple(lines), answer=answer)


def misstate(problem: Problem, at: int, rng: random.Random) -> Problem | None:
    """A line without a calculation with one of its numbers read wrongly."""
    text = problem.lines[at].text
    found = list(NUMBER.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    others = [n for n in known_numbers(problem, at) if not same(n, match.group())]
    new = rng.choice(others) if others and rng.random() < 0.5 else nearby(float(match.group().replace(",", "")), rng)
    if same(new, match.group()):
        return None
    lines = list(problem.lines)
    lines[at] = replace(problem.lines[at], text=text[: match.start()] + new + text[match.end() :])
    moved = {canonical(match.group()): new}
    for index in range(at + 1, len(lines)):
        lines[index] = recompute(lines[index], 0, moved)
    return replace(problem, lines=tuple(lines), answer=moved.get(canonical(problem.answer), problem.answer))


def known_numbers(problem: Problem, at: int) -> list[str]:
    results = [c.result for line in problem.lines[:at] for c in line.calculations]
    return list(dict.fromkeys(numbers_in(problem.question) + results))


def change(old: Calculation, kind: str, known: list[str], rng: random.Random) -> Calculation | None:
    if kind == "result":
        value = number(old.result)
        return None if value is None else replace(old, result=nearby(value, rng))
    if kind == "operator":
        found = [m for m in re.finditer(r"[+\-*/×]|(?<=[\d ])x(?=[\d ])", old.expression)]
        if not found:
            return None
        match = rng.choice(found)
        symbol = rng.choice([s for s in "+-*/" if s != match.group() and not (s == "*" and match.group() in "x×")])
        expression = old.expression[: match.start()] + symbol + old.expression[match.end() :]
    elif kind == "drop":
        parts = re.split(r"\s*[+\-*/×]\s*", old.expression)
        if len(parts) < 3:
            return None
        expression = re.sub(r"\s*[+\-*/×]\s*[^+\-*/×]*$", "", old.expression)
    else:
        found = list(NUMBER.finditer(old.expression))
        if not found:
            return None
        match = rng.choice(found)
        others = [n for n in known if not same(n, match.group())]
        value = float(match.group().replace(",", ""))
        if 0 < value < 1 and rng.random() < 0.5:
            new = printed(1 - value)
        elif others and rng.random() < 0.8:
            new = rng.choice(others)
        else:
            new = nearby(value, rng)
        expression = old.expression[: match.start()] + new + old.expression[match.end() :]
    value = value_of(expression)
    return None if value is None or value < 0 or value > 1e9 else Calculation(expression, printed(value))


def nearby(value: float, rng: random.Random) -> str:
    """A wrong result as people and models make them."""
    step = 1 if value < 20 else 10 ** rng.randrange(0, max(1, len(str(abs(int(value)))) - 1))
    ways = [value + step, value - step, value + 2 * step, value + 10, value * 10, value * 2, value / 2, value / 10]
    digits = list(str(abs(int(value))))
    if len(digits) > 1:
        i = rng.randrange(len(digits) - 1)
        digits[i], digits[i + 1] = digits[i + 1], digits[i]
        ways += [float("".join(digits))] * 2
    good = [w for w in ways if w >= 0 and not same(printed(w), printed(value))]
    return printed(rng.choice(good)) if good else printed(value + 1)


def with_calculation(line: Line, which: int, new: Calculation) -> Line:
    calculations = list(line.calculations)
    calculations[which] = new
    return replace(line, calculations=tuple(calculations))


def recompute(line: Line, first: int, moved: dict[str, str]) -> Line:
    """Carries changed values into a line's later calculations; `moved` learns what changes with them."""
    calculations = list(line.calculations)
    for index in range(first, len(calculations)):
        old = calculations[index]
        expression = NUMBER.sub(lambda m: moved.get(canonical(m.group()), m.group()), old.expression)
        if expression == old.expression:
            continue
        value = value_of(expression)
        if value is None:
            continue
        calculations[index] = Calculation(expression, printed(value))
        moved[canonical(old.result)] = printed(value)
    return replace(line, calculations=tuple(calculations))


def restate(line: Line, moved: dict[str, str], problem: Problem) -> Line:
    """Changes the values that a line's words repeat, where the question does not say them too."""
    given = {canonical(n) for n in numbers_in(problem.question)}
    text = re.sub(
        r"(?<![\w.,\[{])\d[\d,]*(?:\.\d+)?(?![\d\]}])",
        lambda m: m.group() if canonical(m.group()) in given else moved.get(canonical(m.group()), m.group()),
        line.text,
    )
    return replace(line, text=text)


def number(text: str) -> float | None:
    try:
        return float(text.replace(",", "").replace("$", ""))
    except ValueError:
        return None


def canonical(text: str) -> str:
    value = number(text)
    return text if value is None else printed(value)


def same(a: str, b: str) -> bool:
    return canonical(a) == canonical(b)
