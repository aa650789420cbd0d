import { type OpenAIServerOptions, startOpenAI } from '@loci/testing/openai';
import { onTestFinished } from 'vitest';

/** A loopback vendor for the demo to talk to, and the environment that leads it there. */
export async function startVendor(options: OpenAIServerOptions = {}) {
  const server = await startOpenAI(options);
  onTestFinished(() => server.close());
  return { server, environment: { OPENAI_API_KEY: 'sk-demo-test', OPENAI_BASE_URL: server.url } };
}
