/** What one look has found. */
export interface Finding {
  /** What was looked at. */
  readonly what: string;
  /** `warning`: it works, with a drawback. `broken`: rewards cannot be had, or cannot be trusted. */
  readonly status: 'ok' | 'warning' | 'broken';
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
}

export interface Report {
  readonly version: string;
  readonly findings: readonly Finding[];
}

export const isBroken = ({ findings }: Report): boolean => findings.some(({ status }) => status === 'broken');

const MARKS = { ok: 'ok', warning: 'warning', broken: 'BROKEN' } as const;

/** The report as text, for a terminal or a bug report. */
export function reportText({ version, findings }: Report): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.flatMap(({ what, status, text, advice }) => [
    `${MARKS[status].padEnd(8)} ${what.padEnd(width)}  ${text}`,
    ...(advice === undefined ? [] : [`${' '.repeat(10 + width)} → ${advice}`]),
  ]);
  const broken = findings.filter(({ status }) => status === 'broken').length;
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  const end =
    broken > 0
      ? `${broken} broken: see the arrows above and docs/troubleshooting.md`
      : warnings > 0
        ? `Everything works; ${warnings === 1 ? '1 warning' : `${warnings} warnings`}`
        : 'Everything works';
  return `${[`Steplens ${version}`, '', ...lines, '', end].join('\n')}\n`;
}
