export type { CompactionDetails, PassAction } from './apply/details.js';
export type { Artifact, ArtifactKind } from './artifacts/artifact.js';
export type { CompactionEvent } from './events.js';
