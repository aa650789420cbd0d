import type { Contender } from '../compaction/contender.js';
import { install } from '../install/install.js';
import { reasonOf } from '../install/run.js';
import type { Row } from '../suite.js';
import { openLangChain } from './lang-chain.js';
import { aiSdk, langChain, type Peer } from './peers.js';
import { openPruning } from './pruning.js';

const peers: readonly (readonly [Peer, (folder: string) => Promise<readonly Contender[]>])[] = [
  [langChain, openLangChain],
  [aiSdk, openPruning],
];

/** The contenders that can be installed; for the others a row says why not. */
export async function compactionPeers(
  progress: (what: string) => void,
): Promise<{ readonly contenders: readonly Contender[]; readonly rows: readonly Row[] }> {
  const contenders: Contender[] = [];
  const rows: Row[] = [];
  for (const [peer, open] of peers) {
    try {
      progress(`installing ${peer.name}`);
      contenders.push(...(await open(await install(peer.name, peer.packages))));
    } catch (error) {
      rows.push({ table: 'peers: not measured', peer: peer.name, reason: reasonOf(error) });
    }
  }
  return { contenders, rows };
}
