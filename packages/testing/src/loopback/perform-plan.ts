import type { ServerResponse } from 'node:http';
import type { Plan } from './plan.js';

/** Carries out a plan. Resolves true when it was carried out, false when the client went away first. */
export async function performPlan(
  plan: Plan,
  response: ServerResponse,
  hold: (gone: Promise<void>) => Promise<void>,
): Promise<boolean> {
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  const sendHead = () => {
    if (response.headersSent) return;
    response.writeHead(plan.status, plan.headers);
    response.flushHeaders();
  };
  for (const step of plan.steps) {
    if (response.destroyed) return false;
    if (step === 'hold') await hold(gone);
    else if (step === 'head') sendHead();
    else if (step === 'reset') {
      // After headers a plain end of the socket: a TCP reset could also swallow what was sent before it.
      if (response.headersSent) response.socket?.destroy();
      else response.socket?.resetAndDestroy();
      return true;
    } else {
      sendHead();
      await Promise.race([new Promise((resolve) => response.write(step.text, resolve)), gone]);
    }
  }
  if (response.destroyed) return false;
  sendHead();
  await Promise.race([new Promise<void>((resolve) => response.end(resolve)), gone]);
  return response.writableFinished;
}
