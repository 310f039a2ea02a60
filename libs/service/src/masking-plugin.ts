import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from './request-context.js';

/** Under which name an answer says that personal data in it are masked. */
export const MASKED = 'masked';

const MESSAGES = {
  zh: '已逾五分钟未收到任职变动消息，个人信息暂不显示。',
  en: 'There has been no news of appointments for five minutes: personal data are not shown.',
} as const;

/** Says in `extensions.masked` which services have shown no personal data, and why. */
export function maskingPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response, contextValue }) => {
        const { masked } = contextValue;
        if (masked === undefined || response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        const told = { services: [...masked].sort(), messages: MESSAGES };
        singleResult.extensions = { ...singleResult.extensions, [MASKED]: told };
      },
    }),
  };
}

/** The services that an answer of another process says to be masked. */
export function maskedIn(extensions: unknown): readonly string[] {
  const { [MASKED]: told } = (extensions ?? {}) as { readonly [MASKED]?: { services?: unknown } };
  return Array.isArray(told?.services) ? told.services.map(String) : [];
}
