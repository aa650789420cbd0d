import { describe, expect, it } from 'vitest';
import { completeLock, missingEntries, platformOf } from '../complete-lock.mjs';

const owner = { version: '1.0.0', dev: true, optionalDependencies: { '@x/linux-x64-musl': '1.0.0' } };

describe('completeLock', () => {
  it('adds an entry for every optional package that has none', () => {
    const lock = { packages: { 'node_modules/x': owner } };
    expect(missingEntries(lock.packages)).toHaveLength(1);
    const { packages } = completeLock(lock);
    expect(missingEntries(packages)).toEqual([]);
    const entry = {
      version: '1.0.0',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    };
    expect(packages['node_modules/@x/linux-x64-musl']).toEqual(entry);
  });

  it('finds an entry where Node would look for it', () => {
    const entry = { version: '1.0.0' };
    const deep = { 'node_modules/a/node_modules/x': owner };
    for (const folder of ['node_modules/a/node_modules/x/', 'node_modules/a/', '']) {
      expect(missingEntries({ ...deep, [`${folder}node_modules/@x/linux-x64-musl`]: entry })).toEqual([]);
    }
    expect(missingEntries({ ...deep, 'node_modules/b/node_modules/@x/linux-x64-musl': entry })).toHaveLength(
      1,
    );
  });

  it.each([
    ['@turbo/windows-64', { cpu: ['x64'], os: ['win32'] }],
    ['@rollup/rollup-linux-arm-gnueabihf', { cpu: ['arm'], os: ['linux'] }],
    ['@rollup/rollup-linux-s390x-gnu', { cpu: ['s390x'], os: ['linux'], libc: ['glibc'] }],
    ['@rollup/rollup-win32-x64-gnu', { cpu: ['x64'], os: ['win32'] }],
  ])('reads the platform in %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });

  it('asks for help with a name that says nothing', () => {
    expect(() => platformOf('fsevents')).toThrow('No platform');
  });
});
