type Container = { [name: string]: unknown } | unknown[];

/** JSON Patch as RFC 6902 has it, for `add`, `replace` and `remove`; independent of the library that makes patches. */
export function applyPatch(
  value: unknown,
  patch: readonly { readonly op: string; readonly path: string; readonly value?: unknown }[],
): unknown {
  let root = structuredClone(value);
  for (const step of patch) {
    const names = step.path.split('/').slice(1).map(toName);
    const last = names.pop();
    if (last === undefined) {
      root = structuredClone(step.value);
      continue;
    }
    const parent = names.reduce<unknown>((at, name) => child(at, name), root) as Container;
    if (Array.isArray(parent)) {
      const index = Number(last);
      if (!(index <= parent.length - (step.op === 'add' ? 0 : 1))) throw new Error(`no index ${last}`);
      parent.splice(
        index,
        step.op === 'add' ? 0 : 1,
        ...(step.op === 'remove' ? [] : [structuredClone(step.value)]),
      );
    } else if (step.op === 'remove') {
      child(parent, last);
      delete parent[last];
    } else {
      if (step.op === 'replace') child(parent, last);
      // An assignment to `__proto__` would be none.
      const made = {
        value: structuredClone(step.value),
        writable: true,
        enumerable: true,
        configurable: true,
      };
      Object.defineProperty(parent, last, made);
    }
  }
  return root;
}

function child(at: unknown, name: string): unknown {
  if (!Object.hasOwn(at as object, name)) throw new Error(`no ${name}`);
  return (at as { [name: string]: unknown })[name];
}

function toName(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}
