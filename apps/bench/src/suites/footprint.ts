import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../install/install.js';
import { packAll, tarballsOf } from '../install/pack.js';
import { reasonOf } from '../install/run.js';
import { importProbe, weigh } from '../install/weigh.js';
import { alternate, median, type Probe } from '../measure.js';
import { aiSdk, langChainCore, langGraph, mastra, type Peer } from '../peers/peers.js';
import type { Check, Row, Suite } from '../suite.js';

const rounds = 15;
/** What a chat with memory, exact budgets and a file needs. */
const usual = ['@loci/core', '@loci/tokens', '@loci/providers-openai', '@loci/stores-sqlite'];

const named: readonly Peer[] = [aiSdk, langChainCore, langGraph, mastra];

interface Installed {
  readonly name: string;
  readonly folder: string;
  readonly specifiers: readonly string[];
}

export const footprint: Suite = {
  name: 'footprint',
  measures: 'packages, megabytes, bundle and import time of each package, installed from its tarball',
  async run({ peers, progress }) {
    progress('packing');
    const packed = await packAll();
    try {
      const rows: Row[] = [];
      const installed: Installed[] = [];
      for (const { name, specifiers } of packed.packages) {
        progress(`installing ${name}`);
        const folder = await install(toFolder(name), tarballsOf([name], packed.packages), false);
        installed.push({ name, folder, specifiers });
      }
      progress('installing core, tokens, a provider and a store together');
      const together = await install('usual', tarballsOf(usual, packed.packages), false);
      const specifiers = packed.packages
        .filter(({ name }) => usual.includes(name))
        .flatMap((one) => one.specifiers);
      const all = {
        name: usual.map((name) => name.replace('@loci/', '')).join(' + '),
        folder: together,
        specifiers,
      };
      installed.push(all);
      if (peers) {
        for (const { name, packages, imports } of named) {
          progress(`installing ${name}`);
          try {
            const folder = await install(name, packages);
            installed.push({ name: packages.join(' + '), folder, specifiers: imports });
          } catch (error) {
            rows.push({ table: 'not measured', package: name, reason: reasonOf(error) });
          }
        }
      }

      progress('import times');
      const bare = { ...all, name: `${all.name}, without the vendor's SDK`, folder: withoutVendor(together) };
      const times = await alternate(
        Object.fromEntries(
          [...installed, bare].map((one): [string, Probe] => [
            one.name,
            importProbe(one.folder, 'bench', one.specifiers),
          ]),
        ),
        rounds,
      );
      for (const { name, folder, specifiers: imports } of installed) {
        progress(`weighing ${name}`);
        rows.push({
          table: 'footprint',
          package: name,
          ...(await weigh(folder, imports)),
          'import ms': median(times[name] ?? []),
        });
      }
      const withoutMs = median(times[bare.name] ?? []);
      rows.push({
        table: "import without the vendor's SDK installed",
        package: all.name,
        'import ms': withoutMs,
      });
      const checks: Check[] = [{ id: 'footprint/import', value: withoutMs, limit: 60, unit: 'ms' }];
      return { rows, checks };
    } finally {
      rmSync(packed.folder, { recursive: true, force: true });
    }
  },
};

/** The same installation without `openai`: what is imported at once cannot need it. */
function withoutVendor(folder: string): string {
  const copy = `${folder}-without-vendor`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  const vendor = join(copy, 'node_modules/openai');
  if (!existsSync(vendor)) throw new Error('The vendor SDK is not where it was; see withoutVendor.');
  rmSync(vendor, { recursive: true });
  return copy;
}

function toFolder(name: string): string {
  return name.replace('@loci/', 'loci-');
}
