/** What a summary must not lose: an exact value that nobody can guess. */
export type ArtifactKind = 'decision' | 'error' | 'path' | 'url' | 'id' | 'number';

export interface Artifact {
  readonly kind: ArtifactKind;
  /** As it stood in the original; of a decision, its sentence. */
  readonly value: string;
}
