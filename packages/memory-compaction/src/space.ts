export { type AgentSpace, type AgentSpaceOptions, agentSpace } from './space/agent-space.js';
export type { SpaceEntry, SpaceFilter } from './space/space-entry.js';
