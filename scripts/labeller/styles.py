"""Says GSM8K's terse lines in the ways of language models, so that a labeller does not learn one way of writing.

A style is drawn once for a trace and applied alike to right and wrong steps: nothing but the error tells them apart.
"""

import random
import re
from dataclasses import dataclass

from problems import Calculation, Line, Problem

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
LEADS = (
    "we need to calculate this: ",
    "let's work this out. ",
    "we can find this as follows: ",
    "we determine the next value. ",
    "",
    "",
)
TAILS = (" So the result is {0}.", " This gives {0}.", " Therefore, we have {0}.", " The value is {0}.")


@dataclass(frozen=True)
class Style:
    opening: str
    marks: str
    equations: str
    leads: tuple[str, ...]
    tail: str
    joined: frozenset[int]


def draw_style(problem: Problem, rng: random.Random) -> Style:
    lines = len(problem.lines)
    asked = re.split(r"(?<=[.!?])\s+", problem.question)[-1].strip().rstrip("?").lower()
    openings = (
        f"To find out {asked}, we need to follow these steps:",
        "Let's break down the problem step by step.",
        f"To solve the problem, we have to determine {asked}.",
        "To answer the question, we go through the information that is given.",
    )
    return Style(
        opening=rng.choice(openings) if rng.random() < 0.4 else "",
        marks=rng.choice(("none", "none", "ordinal", "sequence", "step", "number")),
        equations=rng.choice(("plain", "plain", "spaced", "times", "latex", "display", "dollars")),
        leads=tuple(rng.choice(LEADS) for _ in range(lines)) if rng.random() < 0.4 else ("",) * lines,
        tail=rng.choice(TAILS) if rng.random() < 0.3 else "",
        joined=frozenset(i for i in range(1, lines) if rng.random() < 0.2) if lines > 2 else frozenset(),
    )


def write_steps(problem: Problem, style: Style) -> tuple[list[str], list[int]]:
    """The steps of a solution, and for each of its lines the step that holds it."""
    steps = [style.opening] if style.opening else []
    home = []
    opened = len(steps)
    for index, line in enumerate(problem.lines):
        text = write_line(line, style, index)
        if index in style.joined and len(steps) > opened:
            steps[-1] += f" {text}"
        else:
            steps.append(mark(style.marks, len(steps) - opened, len(problem.lines)) + text)
        home.append(len(steps) - 1)
    return steps, home


def mark(marks: str, step: int, lines: int) -> str:
    if marks == "ordinal":
        return f"{ORDINALS[min(step, 9)]}, "
    if marks == "sequence":
        return "First, " if step == 0 else "Finally, " if step == lines - 1 else ("Next, ", "Then, ", "Now, ")[step % 3]
    return {"step": f"Step {step + 1}: ", "number": f"{step + 1}. "}.get(marks, "")


def write_line(line: Line, style: Style, index: int) -> str:
    text = line.text
    for i, calculation in enumerate(line.calculations):
        whole = re.compile(rf"\[\[{i}\]\](\s*=\s*)(\$?)\{{{i}\}}")
        text = whole.sub(lambda m: equation(calculation, m.group(2), style.equations), text)
        text = text.replace(f"[[{i}]]", calculation.expression).replace(f"{{{i}}}", calculation.result)
    if style.tail and line.calculations:
        text = (text if text.endswith(".") else f"{text}.") + style.tail.format(line.calculations[-1].result)
    return style.leads[index] + text


def equation(calculation: Calculation, currency: str, equations: str) -> str:
    expression, result = calculation.expression, calculation.result
    if equations == "plain":
        return f"{expression}={currency}{result}"
    spaced = re.sub(r"\s*([+*/×])\s*|(?<=[\d)%])\s*(-)\s*(?=[\d($])|(?<=\d)\s*(x)\s*(?=[\d($])", lambda m: f" {m.group(1) or m.group(2) or m.group(3)} ", expression)
    if equations == "spaced":
        return f"{spaced} = {currency}{result}"
    if equations == "times":
        return f"{spaced.replace(' * ', ' × ').replace(' x ', ' × ').replace(' / ', ' ÷ ')} = {currency}{result}"
    formula = re.sub(r"^\s*\$?([\d.]+)\s*/\s*\$?([\d.]+)\s*$", r"\\frac{\1}{\2}", expression)
    if formula == expression:
        formula = spaced.replace(" * ", r" \times ").replace(" x ", r" \times ").replace(" / ", r" \div ")
    formula = formula.replace("$", "").replace("%", r"\%")
    if equations == "latex":
        return rf"\({formula} = {result}\)"
    if equations == "display":
        return rf"\[ {formula} = {result} \]"
    return f"${formula} = {result}$"
