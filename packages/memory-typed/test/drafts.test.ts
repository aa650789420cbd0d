import { createMemoryStore } from '@loci/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openMemory } from '../src/index.js';
import { applyPatch } from './apply-patch.js';

type Node = { [name: string]: unknown } | unknown[];
type Step = (root: Node) => void;

const names = ['a', 'b', 'a/b', '~', '', '0', 'constructor', 'length'];
const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.boolean());
const tree = fc.letrec<{ node: unknown; value: unknown }>((tie) => ({
  node: fc.oneof(
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('node')),
}));

/** All lists and objects of a tree, in an order that is the same for a draft and for a plain copy. */
function nodesOf(root: Node): Node[] {
  const inner = (Object.values(root) as unknown[]).filter(
    (item) => typeof item === 'object' && item !== null,
  );
  return [root, ...inner.flatMap((item) => nodesOf(item as Node))];
}

const step: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.nat(), fc.constantFrom(...names), tree.value, fc.nat(6))
  .map(([where, place, name, value, kind]) => (root) => {
    const nodes = nodesOf(root);
    const node = nodes[where % nodes.length] as Node;
    const copy = () => structuredClone(value);
    if (!Array.isArray(node)) {
      const keys = Object.keys(node);
      if (kind < 3) node[name] = copy();
      else if (kind < 5) delete node[keys[place % (keys.length || 1)] ?? name];
      else delete node[name];
    } else if (kind === 0) node.push(copy());
    else if (kind === 1) node.pop();
    else if (kind === 2) node.splice(place % (node.length + 1), place % 3, copy(), copy());
    else if (kind === 3) node.reverse();
    else if (kind === 4) node.shift();
    else if (kind === 5) node.unshift(copy());
    else node.length = Math.min(node.length, place % 3);
  });

it('[A2] [A3] a recipe does to a draft what it does to a plain copy, and its patch turns old into new', async () => {
  await fc.assert(
    fc.asyncProperty(tree.node, fc.array(step, { minLength: 1, maxLength: 6 }), async (start, steps) => {
      const memory = openMemory({
        schema: z.json(),
        initial: start as never,
        store: createMemoryStore(),
        key: ['memory'],
      });
      const plain = structuredClone(start) as Node;
      for (const run of steps) run(plain);
      const heard: { old: unknown; new: unknown; patch: Parameters<typeof applyPatch>[1] }[] = [];
      memory.onChange((change) => heard.push(change));
      const result = await memory.update(async (draft) => {
        for (const run of steps) {
          run(draft as Node);
          await Promise.resolve();
        }
      });
      expect(result).toEqual(plain);
      for (const change of heard) {
        expect(change.new).toEqual(plain);
        expect(applyPatch(change.old, change.patch)).toEqual(change.new);
      }
    }),
    { numRuns: 500 },
  );
});

it('[A3] a property that becomes undefined is absent from value and patch', async () => {
  const schema = z.object({ a: z.number().optional(), b: z.number().optional(), list: z.array(z.json()) });
  const memory = openMemory({
    schema,
    initial: { a: 1, list: [] },
    store: createMemoryStore(),
    key: ['memory'],
  });
  const patches: unknown[] = [];
  memory.onChange(({ patch }) => patches.push(patch));
  await memory.update((draft) => {
    draft.a = undefined;
    draft.b = undefined;
    draft.list.push({ c: undefined } as never);
  });
  expect(await memory.get()).toEqual({ list: [{}] });
  expect(Object.keys(await memory.get())).toEqual(['list']);
  expect(patches).toEqual([
    [
      { op: 'add', path: '/list/0', value: {} },
      { op: 'remove', path: '/a' },
    ],
  ]);
});
