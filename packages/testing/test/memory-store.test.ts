import { createMemoryStore } from '@loci/core';
import { storeConformance } from '@loci/testing/store';
import { describe, expect, it } from 'vitest';

// The reference: a case that it fails is a mistake in the case or in the contract.
storeConformance(
  { describe, it, expect },
  { name: 'createMemoryStore', create: ({ clock }) => createMemoryStore({ clock }) },
);
