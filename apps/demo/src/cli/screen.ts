import { Writable } from 'node:stream';

/** Stderr for a line editor, which falls silent while `visible` is false: keys typed during an answer must not land in it. */
export class Screen extends Writable {
  visible = true;

  /** Endless while nothing is shown, so that the editor does not count rows that it never drew. */
  get columns(): number {
    return this.visible ? (process.stderr.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.visible) process.stderr.write(chunk);
    done();
  }
}
