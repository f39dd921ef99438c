/** Namespaces of the runs: there before the clock starts, gone before the next one does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bed } from '../bed/bed.ts';
import { command } from '../bed/command.ts';
import { name } from './objects.ts';

export class Namespaces {
  readonly #bed: Bed;
  readonly #stem = `bench-${Date.now().toString(36)}`;
  readonly #there = new Set<string>();
  #count = 0;

  constructor(bed: Bed) {
    this.#bed = bed;
  }

  #kubectl(...args: string[]): Promise<string> {
    return command(this.#bed.tools.kubectl, args, { env: { ...process.env, ...this.#bed.env } });
  }

  /** An empty namespace that is ready for pods: they mount the cluster's certificate, which comes a moment later. */
  async create(): Promise<string> {
    const namespace = `${this.#stem}-${++this.#count}`;
    this.#there.add(namespace);
    await this.#kubectl('create', 'namespace', namespace);
    const ready = () =>
      this.#kubectl('-n', namespace, 'get', 'configmap/kube-root-ca.crt', 'serviceaccount/default').then(
        () => true,
        () => false,
      );
    while (!(await ready())) await sleep(100);
    return namespace;
  }

  /** Fails unless the service has as many available pods as it should: a run that stops earlier has won nothing. */
  async expectReady(namespace: string): Promise<void> {
    const path = 'jsonpath={.status.availableReplicas} of {.spec.replicas}';
    const found = await this.#kubectl('-n', namespace, 'get', `deployment/${name}`, '-o', path);
    if (found !== '2 of 2') throw new Error(`${namespace}: ${found} pods available after the run`);
  }

  /** Returns when it is gone. Its pods need not wait for requests that nobody sends. */
  async remove(namespace: string): Promise<void> {
    await this.#kubectl('-n', namespace, 'delete', 'deployments,replicasets', '--all', '--cascade=orphan');
    await this.#kubectl('-n', namespace, 'delete', 'pods', '--all', '--grace-period=1');
    await this.#kubectl('delete', 'namespace', namespace, '--timeout=120s');
    this.#there.delete(namespace);
  }

  async removeAll(): Promise<void> {
    if (this.#there.size === 0) return;
    await this.#kubectl('delete', 'namespace', ...this.#there, '--ignore-not-found', '--wait=false');
  }
}
