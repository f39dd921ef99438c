import * as core from '@actions/core';

/** What the edges say to the person who reads the job's log. */
export interface Log {
  info(message: string): void;
  warning(message: string): void;
  /** Only seen when the job runs with debug logging. */
  debug(message: string): void;
  /** Runs `body` with everything it logs folded under `title`. */
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
}

/** The log of a workflow step. */
export const actionsLog: Log = {
  info: core.info,
  warning: (message) => core.warning(message),
  debug: core.debug,
  group: core.group,
};
