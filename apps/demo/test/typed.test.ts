import { describe, expect, it } from 'vitest';
import { runDemo, temporaryFolder } from './start-demo.js';

describe('the story of typed memory', () => {
  it('[A1] [A2] [A3] [A4] remembers each run, refuses what does not fit, loses no change and carries it over', async () => {
    const folder = temporaryFolder();
    for (const visits of [0, 1]) {
      const { code, stdout, stderr } = await runDemo(['typed'], { folder });
      expect(code).toBe(0);
      expect(stderr).toContain('loci-demo.db');
      expect(stdout).toContain(`before.\nvisits ${visits} → ${visits + 1}; the patch: replace /visits, `);
      expect(stdout).toContain(`\nstill ${visits + 1}\n`);
      expect(stdout).toContain(`steps ${visits * 200} → ${visits * 200 + 200}: 200 of 200 are there`);
      expect(stdout).toMatch(/\nvisits: .+\n/);
      expect(stdout).toContain('the same, schema id');
    }
  });
});
