/** Where the bed is on this machine: addresses, ports, folders. Everything listens on loopback or on the bed's bridge. */
import { homedir, userInfo } from 'node:os';
import path from 'node:path';

/** Pods' network: a bridge of the bed's own, whose gateway address is also where the API server listens for the pods. */
export const bridge = { name: 'bed0', subnet: '10.245.0.0/24', gateway: '10.245.0.1' };
export const services = { subnet: '10.96.0.0/16', apiServer: '10.96.0.1', dns: '10.96.0.10' };
export const fakePods = '10.246.0.1/16';

export const loopback = '127.0.0.1';
export const ports = {
  etcd: 18379,
  etcdPeers: 18380,
  apiServer: 18443,
  controllerManager: 18457,
  scheduler: 18459,
  registry: 18500,
  moto: 18501,
  aws: 18502,
  tokenWebhook: 18503,
  kwok: 18504,
};

/** As docker and containerd write it: both speak plain HTTP to a registry of this name. */
export const registry = `localhost:${ports.registry}`;
/** What moto's ECR token decodes to, and a bcrypt hash of it: cheap on purpose, the registry checks it on every request. */
export const registryLogin = {
  user: 'AWS',
  password: '123456789012-auth-token',
  htpasswd: 'AWS:$2b$04$gQOtRpgUTbJIpIFzjfNz.OyEjOAweKtDrFgQqRuIbXmodmW.CLwIC\n',
};

/** AWS's own documented example key: it opens nothing but the bed. */
export const aws = {
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  endpoint: `http://${loopback}:${ports.aws}`,
  cluster: 'bed',
};

/** The group that holders of a valid EKS token are in; bound to cluster-admin. */
export const tokenGroup = 'bed:token-holders';

export const realNode = 'bed-0';
export const fakeNodes = ['fake-0', 'fake-1', 'fake-2'];

/** One bed a machine and user. Short, because paths of unix sockets end at 108 bytes; not under TMPDIR, which differs between shells. */
export const state = `/var/tmp/bed-${userInfo().uid}`;
export const inState = (...names: string[]): string => path.join(state, ...names);

/** Where builds stay between runs. */
export const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'k8s-service-bed');

/** The folder of this file: the sources of the bed. */
export const sources = import.meta.dirname;
