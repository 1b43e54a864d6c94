/** Units that are written without a space behind the number. A single letter is not among them: 5m may be algebra. */
const ATTACHED = new Set(
  (
    'mm cm km kg mg lb lbs oz ft in yd mi hr hrs min mins sec secs ms ml mL dl cl mph kph kmh am pm usd eur gb mb kb ' +
    'st nd rd th hz khz mhz kw kwh mol mmol atm pa kpa'
  )
    .split(' ')
    .map((unit) => unit.toLowerCase()),
);

/** Single letters that are units behind a space. Others are variables. */
const LETTERS = new Set('m g s h l L N J W V K'.split(' '));

/** Words that make a number the beginning of something else than a number with its unit. */
const NOT_A_UNIT = new Set(
  (
    'or and to of out mod modulo plus minus times over by if is are was if when where for but not because since then ' +
    'from through until divided multiplied choose than hundred thousand million billion trillion half'
  ).split(' '),
);

const WORDS =
  /^( |-)?([\p{L}µΩ][\p{L}'’.]{0,30})((?:[ /·-]{1,3}[\p{L}'’.]{1,30}){0,5})(?:\^\{?[23]\}?|[²³])?\)?$/u;
const PERCENT = /^ ?(?:%|percent(?:age points?)?\b|per cent\b)/iu;

/** What the text behind a number is: nothing, a percent sign, a unit, or (undefined) a part of the answer. */
export function readUnit(rest: string): 'none' | 'percent' | 'unit' | undefined {
  if (rest === '') return 'none';
  const percent = PERCENT.exec(rest);
  if (percent !== null) {
    const behind = rest.slice(percent[0].length);
    return behind === '' || WORDS.test(behind) ? 'percent' : undefined;
  }
  if (/^ ?°( ?[CFK])?$/u.test(rest)) return 'unit';
  const words = WORDS.exec(rest);
  const first = words?.[2];
  if (first === undefined || NOT_A_UNIT.has(first.toLowerCase())) return undefined;
  const bare = first.replace(/\.$/u, '');
  if (words?.[1] === undefined) return ATTACHED.has(bare.toLowerCase()) ? 'unit' : undefined;
  if (bare.length === 1 && !LETTERS.has(bare)) return undefined;
  return 'unit';
}
