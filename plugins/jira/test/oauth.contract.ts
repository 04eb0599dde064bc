const text = { type: 'string', minLength: 1 };
const json = (schema: object) => ({ 'application/json': { schema } });
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
const only = (grant: string, properties: Readonly<Record<string, object>>) => ({
  ...object({ grant_type: { type: 'string', enum: [grant] }, client_id: text, client_secret: text, ...properties }),
  additionalProperties: false,
});
const refusal = { description: 'Refused', content: json(object({ error: text, error_description: text })) };
const site = object({ id: text, url: text, name: text, scopes: { type: 'array', items: text }, avatarUrl: text });

/**
 * Atlassian publishes no contract of its token endpoint. This one is written by its pages "OAuth 2.0 (3LO) apps" and
 * "Implementing the Refresh Token Flow" on developer.atlassian.com.
 */
export const oauthContract = {
  openapi: '3.0.3' as const,
  info: { title: 'auth.atlassian.com and what api.atlassian.com says of sites', version: '2026-11' },
  paths: {
    '/oauth/token': {
      post: {
        operationId: 'token',
        requestBody: {
          required: true,
          content: json({
            oneOf: [
              only('refresh_token', { refresh_token: text }),
              only('authorization_code', { code: text, redirect_uri: text }),
            ],
          }),
        },
        responses: {
          200: {
            description: 'Tokens',
            content: json(
              object(
                {
                  access_token: text,
                  refresh_token: text,
                  expires_in: { type: 'integer' },
                  scope: text,
                  token_type: text,
                },
                ['refresh_token', 'token_type'],
              ),
            ),
          },
          401: refusal,
          403: refusal,
        },
      },
    },
    '/oauth/token/accessible-resources': {
      get: {
        operationId: 'sites',
        responses: { 200: { description: 'Sites', content: json({ type: 'array', items: site }) } },
      },
    },
  },
};
