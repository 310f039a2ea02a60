import type { RefusalTexts } from '#libs/service';
import type { SignInRefusal } from '#libs/sign-in';

/** Why nobody is signed in. None of them tells whether there is such an account. */
export const signInRefusals: RefusalTexts<SignInRefusal> = {
  SignInFailed: {
    zh: '账号或密码不正确，或账号已停用、初始密码已过期。',
    en: 'The name or the password is wrong, or the account is disabled, or its first password is out of date.',
  },
  SignInLocked: {
    zh: '密码错误次数过多，请稍后再试；已登录的设备不受影响。',
    en: 'Too many mistakes: wait before the next try. Who is signed in stays signed in.',
    source: 'GB/T 22239-2019, 8.1.4.1',
  },
  SignInBusy: {
    zh: '登录的人较多，请稍后重试。',
    en: 'Many are signing in: try again in a moment.',
  },
  PasswordMustChange: {
    zh: '请先更改初始密码：同时提交 password 与 newPassword。',
    en: 'Choose a password of your own first: send password and newPassword together.',
  },
  PasswordUnfit: {
    zh: '新密码须为 12 至 128 个字符，至少含 5 种不同字符，不得与原密码相同或包含账号名。',
    en: 'A new password has 12 to 128 characters, at least 5 different ones, and is neither the old one nor holds the name.',
    source: 'NIST SP 800-63B, 3.1.1.2',
  },
  SessionOver: {
    zh: '登录已结束，请重新登录。',
    en: 'The session is over: sign in again.',
    source: 'RFC 9700, 4.14.2',
  },
  SignInStale: {
    zh: '本次登录已失效或已使用过，请重新开始。',
    en: 'This sign-in is too old, was used before, or began elsewhere: begin again.',
    source: 'RFC 9700, 4.7.1',
  },
  ProviderRefused: {
    zh: '统一身份认证服务未批准本次登录。',
    en: 'The identity provider did not let you in.',
  },
  NotOwnPage: {
    zh: '此请求来自其他网站，已拒绝。',
    en: 'This request was sent by the page of another site.',
  },
};
