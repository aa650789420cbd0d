import { describe, expect, it } from 'vitest';
import { toWireNames } from './wire-names.js';

const word = { pattern: /^[A-Za-z0-9_-]+$/, maxLength: 40 };

describe('toWireNames', () => {
  it('leaves names that fit, rewrites the others, and never lets two collide', () => {
    const names = toWireNames(['call_1', 'call 1', 'call:1', 'a'.repeat(41), `${'a'.repeat(41)}b`, ''], word);
    expect(names.get('call_1')).toBe('call_1');
    expect(new Set(names.values()).size).toBe(6);
    for (const wire of names.values()) expect(wire).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
  });

  it('rewrites a name the same way whatever stands beside it, unless that is taken', () => {
    const alone = toWireNames(['call 1'], word).get('call 1') ?? '';
    expect(toWireNames(['x', 'y z', 'call 1'], word).get('call 1')).toBe(alone);
    expect(toWireNames([alone, 'call 1'], word).get('call 1')).not.toBe(alone);
  });
});
