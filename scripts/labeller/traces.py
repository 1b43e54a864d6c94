"""What is asked about one trace, and which of its steps are right: for training and for looking at labelled traces."""

import random
from dataclasses import dataclass

from problems import Problem, spoil
from styles import draw_style, write_steps
from trees import BEFORE_TARGET, VERDICT, VERDICTS, Encoder, Tree

INSTRUCTIONS = (
    'You are a careful problem solver. Work through the problem step by step and finish with a single line of the form "The answer is: <final answer>".',
    'Solve the following problem as an expert would. Reason one step at a time, then give the result on one last line: "The answer is: <final answer>".',
    'Act as a patient tutor who shows every step of the solution. The last line must read "The answer is: <final answer>".',
    'You solve problems by clear, checked reasoning. Explain each step, and state the outcome once, at the end, as "The answer is: <final answer>".',
)


@dataclass
class Asked:
    """A tree and where in it the answers are found; paths are lists of edge numbers."""

    tree: Tree
    gains: list[tuple[list[list[int]], list[list[int]], float, str]]
    """Of each judged step: the answers' paths before and after it (gold first), its label (1 right, 0 wrong), and how its contexts are made."""
    verdicts: list[tuple[list[int], list[int], float]]
    """Of each judged step: the paths of No and Yes, and its label."""
    answers: list[list[int]]
    """The gold answer's paths after right prefixes."""


def ask(encoder: Encoder, question: str, steps: list[str], targets: list[str], labels: list[float],
        siblings: dict[int, tuple[str, list[str]]], estimators: tuple[str, ...]) -> Asked:
    """`siblings[j]` is a wrong step in the place of step j. `labels` may be shorter than `steps`: the rest is not judged."""
    tree = Tree(encoder)
    base = tree.extend(-1, question)
    answers_at: dict[int, list[list[int]]] = {}

    def answers(node: int) -> list[list[int]]:
        if node not in answers_at:
            end = tree.extend(node, *BEFORE_TARGET)
            answers_at[node] = [tree.target(end, target) for target in targets]
        return answers_at[node]

    asked = Asked(tree, [], [], [])
    append = lambda node, step: tree.extend(node, step) if step else node
    before = base
    for index, label in enumerate(labels):
        judged = [(steps[index], label)] + [(text, 0.0) for text in siblings.get(index, ())]
        after = before
        for text, mark in judged:
            if "marginal" in estimators:
                asked.gains.append((answers(base), answers(append(base, text)), mark, "marginal"))
            if "incremental" in estimators:
                node = append(before, text)
                asked.gains.append((answers(before), answers(node), mark, "incremental"))
            if "verdict" in estimators:
                node = append(before, text)
                end = tree.extend(node, *VERDICT)
                asked.verdicts.append((tree.target(end, VERDICTS[0]), tree.target(end, VERDICTS[1]), mark))
        if "incremental" in estimators or "verdict" in estimators:
            after = append(before, steps[index])
            if "incremental" in estimators and label == 1.0:
                asked.answers.append(answers(after)[0])
        before = after
    return asked


def ask_problem(encoder: Encoder, problem: Problem, rng: random.Random) -> Asked | None:
    """A training trace: GSM8K's solution in some style, with up to four steps that also stand there spoilt."""
    style = draw_style(problem, rng)
    steps, home = write_steps(problem, style)
    siblings: dict[int, list[str]] = {}
    wrong_answers: list[str] = []
    lines = list(range(len(problem.lines)))
    rng.shuffle(lines)
    for line in lines[:4]:
        for _ in range(3):
            spoilt = spoil(problem, line, rng)
            if spoilt is None:
                continue
            text = write_steps(spoilt, style)[0][home[line]]
            if text == steps[home[line]]:
                continue
            siblings.setdefault(home[line], []).append(text)
            if spoilt.answer != problem.answer:
                wrong_answers.append(spoilt.answer)
            break
    if not siblings:
        return None
    targets = [problem.answer, *negatives(problem, wrong_answers, rng)]
    instruction = INSTRUCTIONS[0] if rng.random() < 0.7 else rng.choice(INSTRUCTIONS)
    estimators = ("marginal",) if rng.random() < 0.2 else ("incremental", "verdict")
    return ask(
        encoder,
        f"{instruction}\n\nQuestion: {problem.question}",
        [f"\n\n{step}" for step in steps],
        [f"The answer is: {answer}" for answer in targets],
        [1.0] * len(steps),
        {index: [f"\n\n{text}" for text in texts] for index, texts in siblings.items()},
        estimators,
    )


def negatives(problem: Problem, wrong: list[str], rng: random.Random, count: int = 3) -> list[str]:
    """The answers of spoilt solutions most of the time, then results on the way, then gold changed a little."""
    found = [a for a in wrong if rng.random() < 0.7]
    middle = [c.result.replace(",", "") for line in problem.lines for c in line.calculations]
    rng.shuffle(middle)
    found += middle[: rng.randrange(3)]
    try:
        gold = float(problem.answer)
        near = [gold + 2, gold - 2, gold + 10, gold - 10, round(gold * 0.9), round(gold * 1.1), gold + 1, gold * 2]
        rng.shuffle(near)
        found += [str(int(n)) if n == int(n) else str(n) for n in near if n > 0]
    except ValueError:
        pass
    distinct = [a for a in dict.fromkeys(found) if a != problem.answer]
    return distinct[:count]


def judge_trace(encoder: Encoder, record: dict, estimators: tuple[str, ...]) -> Asked:
    """A labelled trace as the product asks about it, up to and including its first error, without its last step."""
    first, steps = record["firstError"], record["steps"]
    count = len(steps) if first < 0 else first + 1
    count = min(count, len(steps) - 1)
    labels = [0.0 if index == first else 1.0 for index in range(count)]
    return ask(encoder, record["question"], steps, record["targets"], labels, {}, estimators)
