import type { Clock, ErrorKind } from '@loci/core';
import type { HealthRecord } from './health.js';

export interface BreakerOptions {
  /** Failures in a row that open it. @default 5 */
  readonly failures?: number;
  /** Share of failures within the window that opens it, 0–1. @default 0.5 */
  readonly ratio?: number;
  /** Attempts within the window before the share counts. @default 20 */
  readonly volume?: number;
  /** @default 30000 */
  readonly windowMs?: number;
  /** How long it stays open, and from one probe to the next. @default 10000 */
  readonly openMs?: number;
  /** Pause of a model whose key or name was refused, and from one probe of it to the next. @default 60000 */
  readonly quarantineMs?: number;
}

export type BreakerSettings = Required<BreakerOptions>;

/** How a model is asked: as usual, or as the one probe of a model that was down. */
export type Admission = 'usual' | 'probe';

/**
 * The health of one model: a circuit breaker with one probe at a time, and pauses that it asked for. Times are looked
 * at when somebody asks; there are no timers.
 */
export class ModelHealth {
  readonly id: string;
  readonly #clock: Clock;
  readonly #settings: BreakerSettings;
  readonly #changed: (health: ModelHealth, from: HealthRecord['breaker']) => void;
  #breaker: HealthRecord['breaker'] = 'closed';
  #until = 0;
  #reason = '';
  #at = 0;
  #openedAt = 0;
  /** From one probe to the next, of what opened the breaker. */
  #pauseMs = 0;
  #probing = false;
  #inRow = 0;
  #windowAt = 0;
  #attempts = 0;
  #failures = 0;

  constructor(
    id: string,
    settings: BreakerSettings,
    clock: Clock,
    changed: (health: ModelHealth, from: HealthRecord['breaker']) => void,
  ) {
    this.id = id;
    this.#settings = settings;
    this.#clock = clock;
    this.#changed = changed;
  }

  get record(): HealthRecord {
    return { id: this.id, breaker: this.#breaker, until: this.#until, reason: this.#reason, at: this.#at };
  }

  now(): number {
    return this.#clock.now();
  }

  get reason(): string {
    return this.#reason;
  }

  /** When it may be asked: not later than `now` where it may be asked at once. */
  availableAt(now: number): number {
    return this.#probing && this.#until <= now ? now + this.#pauseMs : this.#until;
  }

  /** Takes the place of the one probe where the model was down. Ask `availableAt` first. */
  admit(now: number): Admission {
    if (this.#breaker === 'closed') return 'usual';
    this.#probing = true;
    this.#set('half-open', now + this.#pauseMs, this.#reason);
    return 'probe';
  }

  /** The probe answers: another may be sent in its time, however long the answer takes. */
  answering(admission: Admission): void {
    if (admission === 'probe') this.#probing = false;
  }

  /** An attempt ended well, or in a way that shows the model alive. */
  succeeded(admission: Admission, startedAt: number): void {
    this.#inRow = 0;
    this.#count(false);
    if (admission === 'probe') this.#probing = false;
    else if (this.#breaker === 'closed' || startedAt < this.#openedAt) return;
    this.#attempts = 0;
    this.#failures = 0;
    if (this.#breaker !== 'closed') this.#set('closed', 0, 'recovered');
  }

  /** An attempt failed in a way that counts against the model. */
  failed(admission: Admission, kind: ErrorKind): void {
    this.#inRow++;
    this.#count(true);
    const { failures, ratio, volume, openMs } = this.#settings;
    const tooMany =
      this.#inRow >= failures || (this.#attempts >= volume && this.#failures >= ratio * this.#attempts);
    if (admission === 'probe' || (this.#breaker === 'closed' && tooMany)) this.#open(openMs, kind);
  }

  /** The key or the name of the model was refused. */
  quarantine(kind: ErrorKind): void {
    this.#open(this.#settings.quarantineMs, kind);
  }

  /** The model asked for a pause. It is asked by everybody again afterwards. */
  coolDown(ms: number, kind: ErrorKind): void {
    const until = this.#clock.now() + ms;
    if (until > this.#until) this.#set(this.#breaker, until, kind);
  }

  /** An attempt ended without telling anything: its caller left. */
  released(admission: Admission): void {
    if (admission === 'probe') this.#probing = false;
  }

  /** Takes what another process learnt, unless this one learnt something later. */
  adopt(record: HealthRecord): boolean {
    if (record.at <= this.#at) return false;
    this.#breaker = record.breaker;
    this.#until = record.until;
    this.#reason = record.reason;
    this.#at = record.at;
    this.#openedAt = record.at;
    this.#pauseMs ||= this.#settings.openMs;
    if (record.breaker === 'closed') this.#inRow = 0;
    return true;
  }

  #open(pauseMs: number, kind: ErrorKind): void {
    const now = this.#clock.now();
    this.#probing = false;
    this.#openedAt = now;
    this.#pauseMs = pauseMs;
    this.#set('open', Math.max(this.#until, now + pauseMs), kind);
  }

  #set(breaker: HealthRecord['breaker'], until: number, reason: string): void {
    const from = this.#breaker;
    this.#breaker = breaker;
    this.#until = until;
    this.#reason = reason;
    // Two changes within one millisecond stay in order for those who take them over.
    this.#at = Math.max(this.#clock.now(), this.#at + 1);
    this.#changed(this, from);
  }

  #count(failure: boolean): void {
    const now = this.#clock.now();
    if (now - this.#windowAt > this.#settings.windowMs) {
      this.#windowAt = now;
      this.#attempts = 0;
      this.#failures = 0;
    }
    this.#attempts++;
    if (failure) this.#failures++;
  }
}
