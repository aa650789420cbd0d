import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatModel } from '@loci/core';
import type { Settings } from '../cli/settings.js';
import { type Answerer, quotes, startStandIn } from './stand-ins.js';
import { type VendorName, vendorNames, vendors } from './vendors.js';

/** One of the vendors that a router chooses from. */
export interface Party {
  readonly name: VendorName;
  /** With a note where a server of this process stands in. */
  readonly label: string;
  readonly model: ChatModel;
  close(): Promise<void>;
}

/** A vendor whose server is in this process, so that a story can end it. */
export interface StandInParty extends Party {
  /** The server is gone, with everything that it was about to say. */
  kill(): Promise<void>;
  /** It is back, at the address where it was. */
  restart(): Promise<void>;
}

/** The vendors that have a key, or stand-ins for all where none has. */
export async function openParties(settings: Settings, answerer?: Answerer): Promise<readonly Party[]> {
  const live = vendorNames.filter((name) => settings.connections[name].isLive);
  if (live.length === 0) return openStandIns({}, answerer);
  return live.map((name) => openLive(settings, name));
}

/** The vendor where it has a key, or a stand-in. */
export async function openParty(settings: Settings, name: VendorName, answerer: Answerer): Promise<Party> {
  return settings.connections[name].isLive ? openLive(settings, name) : openStandInFor(name, answerer);
}

/** A stand-in for each vendor, which takes so many milliseconds to quote its prompt, or to do as `answerer` says. */
export function openStandIns(
  delays: { readonly [V in VendorName]?: number } = {},
  answerer: Answerer = quotes,
): Promise<readonly StandInParty[]> {
  return Promise.all(
    vendorNames.map((name) =>
      openStandInFor(name, async (said) => {
        await sleep(delays[name] ?? 0);
        return answerer(said);
      }),
    ),
  );
}

function openLive({ connections }: Settings, name: VendorName): Party {
  const { label, open, defaultModel } = vendors[name];
  return { name, label, model: open(defaultModel, connections[name]), close: () => Promise.resolve() };
}

async function openStandInFor(name: VendorName, answerer: Answerer): Promise<StandInParty> {
  const { label, open, defaultModel } = vendors[name];
  let server = await startStandIn(name, { answerer });
  const { url } = server;
  return {
    name,
    label: `${label}, a stand-in`,
    model: open(defaultModel, { baseUrl: url }),
    close: () => server.close(),
    kill: () => server.close(),
    async restart() {
      server = await startStandIn(name, { answerer, port: Number(new URL(url).port) });
    },
  };
}
