/** A library that does some of the same, as it is installed for one run. */
export interface Peer {
  readonly name: string;
  readonly packages: readonly string[];
  readonly imports: readonly string[];
}

export const aiSdk: Peer = { name: 'ai', packages: ['ai@7.0.173', 'zod@4.6.7'], imports: ['ai'] };
export const langChainCore: Peer = {
  name: 'langchain-core',
  packages: ['@langchain/core@1.2.13'],
  imports: [
    '@langchain/core/messages',
    '@langchain/core/language_models/chat_models',
    '@langchain/core/runnables',
  ],
};
export const langGraph: Peer = {
  name: 'langgraph',
  packages: [
    '@langchain/langgraph@1.2.0',
    '@langchain/langgraph-checkpoint@1.0.0',
    '@langchain/core@1.2.13',
    'zod@4.6.7',
  ],
  imports: ['@langchain/langgraph'],
};
export const langChain: Peer = {
  name: 'langchain',
  packages: ['langchain@1.5.14', '@langchain/core@1.2.13', 'zod@4.6.7'],
  imports: ['langchain', '@langchain/core/messages'],
};
export const mastra: Peer = {
  name: 'mastra',
  packages: ['@mastra/core@1.71.0', '@mastra/memory@1.31.0', 'zod@4.6.7'],
  imports: ['@mastra/core', '@mastra/memory'],
};
