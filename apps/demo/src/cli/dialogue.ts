import { createInterface } from 'node:readline';
import { toPrintable } from './output.js';
import { Screen } from './screen.js';

/** The user's side of a conversation: lines in, and Ctrl-C at any moment. */
export interface Dialogue {
  /** A person types at a terminal; otherwise lines come from a pipe or a file. */
  readonly interactive: boolean;
  /** Ctrl-C was pressed, at least once. */
  readonly interrupted: boolean;
  /** Lines that are not blank, until the end of the input or Ctrl-C outside of `during`. */
  lines(): AsyncIterable<string>;
  /** Runs a task; Ctrl-C aborts its signal and nothing else. */
  during<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends `lines` and gives the terminal back. */
  close(): void;
}

/** Opens the one dialogue of the process, on stdin and stderr. */
export function openDialogue(prompt: string): Dialogue {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const screen = new Screen();
  const reader = createInterface({ input: process.stdin, output: screen, terminal: interactive, prompt });
  const lines: { readonly text: string; readonly shown: boolean }[] = [];
  let running: AbortController | undefined;
  let interrupted = false;
  let closed = false;
  let wake = () => {};

  const onInterrupt = () => {
    interrupted = true;
    // Lines that were typed or pasted ahead were meant for the answer that is not wanted any more.
    lines.length = 0;
    if (running) running.abort();
    else reader.close();
  };
  const onResize = () => screen.emit('resize');
  reader.on('line', (text) => {
    lines.push({ text, shown: interactive && screen.visible });
    screen.visible = false;
    // At a terminal the reader goes on, because in raw mode it is what sees Ctrl-C.
    if (!interactive) reader.pause();
    wake();
  });
  reader.on('close', () => {
    closed = true;
    wake();
  });
  reader.on('SIGINT', onInterrupt);
  // Without a listener Ctrl-Z would stop this process alone, and the npm around it would keep the terminal.
  reader.on('SIGTSTP', () => {});
  process.on('SIGINT', onInterrupt);
  process.stderr.on('resize', onResize);

  const ready = async () => {
    if (lines.length > 0 || closed) return;
    screen.visible = true;
    if (interactive) reader.prompt(true);
    else reader.resume();
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    // The end came instead of a line: leave the prompt's own.
    if (interactive && screen.visible) process.stderr.write('\n');
  };

  return {
    interactive,
    get interrupted() {
      return interrupted;
    },
    async *lines() {
      for (;;) {
        await ready();
        const line = lines.shift();
        if (!line) return;
        if (line.text.trim() === '') continue;
        if (!line.shown) process.stderr.write(`${prompt}${toPrintable(line.text)}\n`);
        yield line.text;
      }
    },
    async during(task) {
      running = new AbortController();
      try {
        return await task(running.signal);
      } finally {
        running = undefined;
      }
    },
    close() {
      lines.length = 0;
      reader.close();
      // A pipe that was paused with more to come goes on reading into its buffer and would keep the process alive.
      if (!interactive) process.stdin.destroy();
      process.off('SIGINT', onInterrupt);
      process.stderr.off('resize', onResize);
    },
  };
}
