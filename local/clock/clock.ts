/** A callback that has not run yet. */
export interface ClockTimer {
  cancel(): void;
}

/** Time as the fakes of the services need it; in ms since the epoch. */
export interface Clock {
  now(): number;
  /** Calls `done` once, when `ms` have passed on this clock. */
  after(ms: number, done: () => void): ClockTimer;
}

/** A clock that people of the local world can move. */
export interface MovableClock extends Clock {
  /** 1 is real time, 0 stands still. */
  readonly speed: number;
  setSpeed(speed: number): void;
  jump(ms: number): void;
  sleep(ms: number): Promise<void>;
}
