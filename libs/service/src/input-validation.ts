import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { refuse } from '#libs/event';
import { refusalError } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

/** Checks every input class; what it does not declare is refused, not dropped. */
export function inputValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) =>
      refusalError(refuse('InputInvalid', factsOf(errors)), requestRefusals),
  });
}

/** What each rule asks for; a rule that is not here is told in English. */
const RULES_ZH: Readonly<Record<string, string>> = {
  arrayMaxSize: '项数过多',
  arrayMinSize: '项数不足',
  arrayUnique: '不能重复',
  isArray: '应为列表',
  isEnum: '不是允许的值',
  isInt: '应为整数',
  isIso8601: '应为 RFC 3339 时间',
  isLength: '长度不符（不能为空，也不能过长）',
  isString: '应为文本',
  isUuid: '应为 UUID',
  matches: '格式不符',
  max: '超出上限',
  maxLength: '过长',
  min: '低于下限',
  whitelistValidation: '没有这一项',
};

interface Facts {
  readonly why: string;
  readonly whyZh: string;
}

function factsOf(errors: readonly ValidationError[]): { why: string; whyZh: string } {
  const facts = errors.flatMap((error) => reasons(error, ''));
  return {
    why: facts.map(({ why }) => why).join('; '),
    whyZh: facts.map(({ whyZh }) => whyZh).join('；'),
  };
}

function reasons(error: ValidationError, above: string): readonly Facts[] {
  const field = `${above}${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, told]) => ({
    why: above === '' ? told : `${above.slice(0, -1)}: ${told}`,
    whyZh: `${field} ${RULES_ZH[rule] ?? told}`,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => reasons(child, `${field}.`))];
}
