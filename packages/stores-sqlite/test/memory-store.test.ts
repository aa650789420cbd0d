import { createMemoryStore } from '@loci/core';
import { storeBehaviour } from './store-behaviour.js';

// The reference: a case that it fails is a mistake in the case or in the contract.
storeBehaviour('createMemoryStore', async (clock) => createMemoryStore({ clock }));
