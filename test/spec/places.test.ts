import { describe, expect, test } from 'vitest';
import { problemsOf, withFields } from './reading.ts';

// Lines and columns are 1-based; columns count UTF-16 code units, as editors do.
interface Case {
  readonly title: string;
  readonly spec: string;
  readonly problems: readonly string[];
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  'YAML forms': [
    {
      title: 'CRLF',
      spec: 'name: hello\r\nimage: AUTO\r\nport: {http: 0}\r\n',
      problems: ['3:14: `port.http` must be a whole number from 1 to 65535; found 0.'],
    },
    {
      title: 'a byte order mark',
      spec: '\uFEFFnme: hello\nname: hello\nimage: AUTO\n',
      problems: ['1:1: unknown field `nme`: did you mean `name`?'],
    },
    {
      title: 'flow style',
      spec: '{name: hello, image: AUTO, port: {http: 0}}',
      problems: ['1:41: `port.http` must be a whole number from 1 to 65535; found 0.'],
    },
    {
      title: 'JSON',
      spec: '{\n  "name": "hello",\n  "image": "AUTO",\n  "port": {"http": 0}\n}\n',
      problems: ['4:20: `port.http` must be a whole number from 1 to 65535; found 0.'],
    },
    {
      title: 'wide characters before it',
      spec: '{"name": "hello", "image": "AUTO", "😀": 1, "port": {"http": 0}}',
      problems: [
        '1:36: unknown field `😀`: there are `name`, `image`, `port`, `min_containers`, `max_containers`, `autoscaling_target_cpu_percentage`, `autoscaling_target_mem_percentage`, `secrets`, `env_vars`, `healthcheck_path`, `liveness_probe_path`, `readiness_probe_path`, `consistent_hash`, `sticky_session`, `sticky_session_max_age`, `resource_request`, `public_uri`, `additional_iam_policies` and `links`.',
        '1:62: `port.http` must be a whole number from 1 to 65535; found 0.',
      ],
    },
    {
      title: 'a value on the next line',
      spec: withFields('max_containers:', '  three'),
      problems: ['4:3: `max_containers` must be a whole number, 0 or more; found "three".'],
    },
    {
      title: 'text over lines',
      spec: withFields('max_containers: |', '  three', '  four'),
      problems: ['3:17: `max_containers` must be a whole number, 0 or more; found "three\\nfour\\n".'],
    },
    {
      title: 'quoted keys',
      spec: withFields('"max_containers": three'),
      problems: ['3:19: `max_containers` must be a whole number, 0 or more; found "three".'],
    },
    {
      title: 'an anchored value',
      spec: withFields('max_containers: &n three'),
      problems: ['3:20: `max_containers` must be a whole number, 0 or more; found "three".'],
    },
    {
      title: 'an alias: where the alias is',
      spec: withFields('min_containers: &n 200', 'port: {http: 0}', 'autoscaling_target_cpu_percentage: *n'),
      problems: [
        '3:20: `min_containers` is 200, more than `max_containers`, which is 3 when it is not given. Write `max_containers: 200` or more too.',
        '4:14: `port.http` must be a whole number from 1 to 65535; found 0.',
        '5:36: `autoscaling_target_cpu_percentage` must be a whole number from 1 to 100; found 200.',
      ],
    },
    {
      title: 'inside an aliased map: where it is written',
      spec: withFields('resource_request: &r {cpu: 1, memory: 128}', 'port: *r'),
      problems: [
        '3:23: unknown field `cpu` in `port`, which must be a map with one port, `{http: 8080}` or `{tcp: 5432}`.',
        '3:28: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found 1. A number is millicores: write `1000` for 1 core.',
        '3:31: unknown field `memory` in `port`, which must be a map with one port, `{http: 8080}` or `{tcp: 5432}`.',
      ],
    },
    {
      title: 'a merged field: where it is written',
      spec: withFields('env_vars:', '  <<: {9x: 1}', '  A: 1'),
      problems: [
        '4:8: the name "9x" in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`. Write `_9x`.',
      ],
    },
    {
      title: 'merged over: only what stays is looked at',
      spec: withFields('resource_request:', '  <<: {cpu: 1, memory: 128}', '  cpu: 2'),
      problems: [
        '5:8: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found 2. A number is millicores: write `2000` for 2 cores.',
      ],
    },
  ],
};

describe.each(Object.entries(cases))('Where problems are placed: %s', (_, rows) => {
  test.each(rows)('$title', ({ spec, problems }) => {
    expect(problemsOf(spec)).toEqual(problems);
  });
});
