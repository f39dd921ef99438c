import { describe, expect, test } from 'vitest';
import { problemsOf, withFields } from './reading.ts';

// Each message is read by someone who does not know this code: it says where, what stands there, what may, and what to write.
interface Case {
  readonly title: string;
  readonly spec: string;
  readonly problems: readonly string[];
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  'the file': [
    {
      title: 'an empty file',
      spec: '',
      problems: ['1:1: the file holds no spec: write at least `name: …` and `image: AUTO`, each on its own line.'],
    },
    {
      title: 'only comments',
      spec: ['# to do', ''].join('\n'),
      problems: ['1:1: the file holds no spec: write at least `name: …` and `image: AUTO`, each on its own line.'],
    },
    {
      title: 'only a document start',
      spec: ['---', ''].join('\n'),
      problems: ['1:1: the file holds no spec: write at least `name: …` and `image: AUTO`, each on its own line.'],
    },
    {
      title: 'a list',
      spec: '- name: hello',
      problems: [
        '1:1: a spec is a map of fields, `name: …` and `image: …` at least, each on its own line; found a list.',
      ],
    },
    {
      title: 'one word',
      spec: 'hello',
      problems: [
        '1:1: a spec is a map of fields, `name: …` and `image: …` at least, each on its own line; found "hello".',
      ],
    },
    {
      title: 'two documents',
      spec: ['name: hello', 'image: AUTO', '---', 'name: other', 'image: AUTO'].join('\n'),
      problems: ['3:1: a second document starts here (`---`): a spec file holds one service. Write one file for each.'],
    },
    {
      title: 'an Opta file',
      spec: [
        'name: layer',
        'environments:',
        '  - name: staging',
        '    path: opta.yaml',
        'modules:',
        '  - name: hello',
        '    type: k8s-service',
      ].join('\n'),
      problems: [
        '5:1: this is an Opta file with modules, which is not supported yet: write one spec for each service, with its fields at the top (`name`, `image`, …).',
      ],
    },
  ],
  YAML: [
    {
      title: 'a second key on one line',
      spec: ['name: hello', 'image: nginx: 1.29'].join('\n'),
      problems: [
        '2:8: this is not valid YAML: a second `key:` follows in the same value: start it on a line of its own, indented like its neighbours, or put text that has `: ` in it in quotes.',
      ],
    },
    {
      title: 'a tab',
      spec: ['name: hello', 'port:', '\thttp: 80'].join('\n'),
      problems: ['3:1: this is not valid YAML: a tab cannot indent: use spaces.'],
    },
    {
      title: 'a quote left open',
      spec: ['name: "hello', 'image: AUTO', ''].join('\n'),
      problems: ['1:7: this is not valid YAML: this quote (`"`) is never closed.'],
    },
    {
      title: 'a bracket left open',
      spec: ['name: hello', 'secrets: [A, B', 'image: AUTO', ''].join('\n'),
      problems: [
        '2:10: this is not valid YAML: this bracket (`[`) is never closed, or lines inside it are not indented more than its key.',
      ],
    },
    {
      title: 'wrong indentation',
      spec: ['name: hello', '  image: AUTO'].join('\n'),
      problems: [
        '2:3: this is not valid YAML: this line is indented more than the key above it, which has a value already: start it where that key starts.',
      ],
    },
    {
      title: 'a missing colon',
      spec: ['name hello', 'image: AUTO'].join('\n'),
      problems: [
        '1:1: this is not valid YAML: there is no `:` after this key, or the next line is indented differently than it should be.',
      ],
    },
    {
      title: 'a character text cannot start with',
      spec: 'name: @hello',
      problems: ['1:7: this is not valid YAML: text cannot start with this character: put it in quotes.'],
    },
    {
      title: 'an unknown escape',
      spec: 'name: "\\q"',
      problems: [
        '1:8: this is not valid YAML: a `\\` inside double quotes starts an escape: double it, or use single quotes.',
      ],
    },
    {
      title: 'a line that is indented too much',
      spec: ['name: hello', 'port:', '  http: 80', 'image: AUTO', '  # a comment', '   secrets: []'].join('\n'),
      problems: ['6:1: this is not valid YAML: this line is not indented like its neighbours.'],
    },
    {
      title: 'text after a quote',
      spec: ['name: hello', 'image: "AUTO" # fine', 'secrets: ["A" "B"]'].join('\n'),
      problems: ['3:15: this is not valid YAML: a comma is missing before this.'],
    },
    {
      title: 'text after a bracket',
      spec: ['name: hello', 'secrets: [A] B'].join('\n'),
      problems: [
        '2:14: this is not valid YAML: there is more text after the end of this value: put the whole value in quotes.',
      ],
    },
    {
      title: 'a bracket that closes nothing',
      spec: ['name: hello', 'image: ]'].join('\n'),
      problems: ['2:8: this is not valid YAML: this bracket closes nothing: remove it, or put the text in quotes.'],
    },
    {
      title: 'an empty place in a list',
      spec: ['name: hello', 'secrets: [A,, B]'].join('\n'),
      problems: ['2:13: this is not valid YAML: there is nothing before this comma.'],
    },
    {
      title: 'a list and a map',
      spec: ['- a', 'b: 1'].join('\n'),
      problems: [
        '2:1: this is not valid YAML: this does not belong here: look at how this line and the ones above it are indented.',
      ],
    },
    {
      title: 'text after a block sign',
      spec: ['name: |hello', '  x'].join('\n'),
      problems: ['1:8: this is not valid YAML: after `|` or `>` there may be nothing else on the line.'],
    },
    {
      title: 'a reference inside, without quotes, in a list',
      spec: withFields('port: {http: 8080}', 'public_uri: [/a, hello.{parent.domain}/b]'),
      problems: [
        '4:18: YAML takes this `{` for the start of a map: put the value in quotes, `"hello.{parent.domain}/b"`.',
      ],
    },
    {
      title: 'a tag',
      spec: withFields('env_vars: !include vars.yaml'),
      problems: [
        '3:11: this is not valid YAML: tags (`!name`) are not supported: remove this one, or put the text in quotes.',
      ],
    },
    {
      title: 'a list on the line of its key',
      spec: ['name: hello', 'secrets: - A'].join('\n'),
      problems: [
        '2:10: this is not valid YAML: a list starts on the line after its key, or is written in brackets: `[a, b]`.',
      ],
    },
    {
      title: 'an alias without an anchor',
      spec: withFields('secrets: *names'),
      problems: [
        '3:10: `*names` stands for nothing: no `&names` comes before it. Put the text in quotes if no alias is meant.',
      ],
    },
    {
      title: 'an alias of what it is in',
      spec: withFields('secrets: &names [A, *names]'),
      problems: ['3:21: `*names` is inside what it stands for: write the value out.'],
    },
    {
      title: 'a key twice',
      spec: withFields('min_containers: 1', 'min_containers: 2'),
      problems: ['4:1: `min_containers` is given twice, first on line 3: keep one.'],
    },
    {
      title: 'a key twice in a map',
      spec: withFields('env_vars: {A: 1, B: 2, A: 3}'),
      problems: ['3:24: `A` is given twice, first on line 3: keep one.'],
    },
    {
      title: 'a list as a key',
      spec: withFields('env_vars:', '  ? [A]', '  : 1'),
      problems: ['4:5: a list cannot be a key: write text before the `:`.'],
    },
    { title: 'no key', spec: withFields('env_vars: {: 1}'), problems: ['3:12: the key before this `:` is missing.'] },
    {
      title: 'a key that JavaScript keeps for itself',
      spec: withFields('env_vars: {__proto__: 1}'),
      problems: ['3:12: `__proto__` cannot be a key.'],
    },
    {
      title: 'a merge key with text',
      spec: withFields('env_vars: {<<: A}'),
      problems: ['3:16: `<<` merges maps: write an alias of a map (`<<: *name`) or a list of them.'],
    },
    {
      title: 'a reference without quotes',
      spec: withFields('port: {http: 8080}', 'public_uri: {parent[domain]}/hello'),
      problems: [
        '4:13: YAML takes this `{` for the start of a map: put the value in quotes, `"{parent[domain]}/hello"`.',
      ],
    },
    {
      title: 'a reference with a dot, without quotes',
      spec: withFields('port: {http: 8080}', 'public_uri: {parent.domain}'),
      problems: ['4:13: YAML takes this `{` for the start of a map: put the value in quotes, `"{parent.domain}"`.'],
    },
    {
      title: 'a reference without quotes in a list',
      spec: withFields('port: {http: 8080}', 'public_uri: [{parent[domain]}]'),
      problems: ['4:14: YAML takes this `{` for the start of a map: put the value in quotes, `"{parent[domain]}"`.'],
    },
  ],
  fields: [
    {
      title: 'a misspelled field',
      spec: withFields('port: {http: 8080}', 'helthcheck_path: /'),
      problems: ['4:1: unknown field `helthcheck_path`: did you mean `healthcheck_path`?'],
    },
    {
      title: 'a field by another name',
      spec: withFields('replicas: 2', 'env: {A: 1}', 'resources: {cpu: 100}'),
      problems: [
        '3:1: unknown field `replicas`: did you mean `min_containers`?',
        '4:1: unknown field `env`: did you mean `env_vars`?',
        '5:1: unknown field `resources`: did you mean `resource_request`?',
      ],
    },
    {
      title: 'a field in another case',
      spec: withFields('maxContainers: 2'),
      problems: ['3:1: unknown field `maxContainers`: did you mean `max_containers`?'],
    },
    {
      title: 'a field like no other',
      spec: withFields('frobnicate: 2'),
      problems: [
        '3:1: unknown field `frobnicate`: there are `name`, `image`, `port`, `min_containers`, `max_containers`, `autoscaling_target_cpu_percentage`, `autoscaling_target_mem_percentage`, `secrets`, `env_vars`, `healthcheck_path`, `liveness_probe_path`, `readiness_probe_path`, `consistent_hash`, `sticky_session`, `sticky_session_max_age`, `resource_request`, `public_uri`, `additional_iam_policies` and `links`.',
      ],
    },
    {
      title: 'a field of later',
      spec: withFields('persistent_storage: []'),
      problems: [
        '3:1: unknown field `persistent_storage`: there are `name`, `image`, `port`, `min_containers`, `max_containers`, `autoscaling_target_cpu_percentage`, `autoscaling_target_mem_percentage`, `secrets`, `env_vars`, `healthcheck_path`, `liveness_probe_path`, `readiness_probe_path`, `consistent_hash`, `sticky_session`, `sticky_session_max_age`, `resource_request`, `public_uri`, `additional_iam_policies` and `links`.',
      ],
    },
    { title: 'no name', spec: 'image: AUTO', problems: ['1:1: `name` is missing: add a line such as `name: hello`.'] },
    {
      title: 'no value for what must be there',
      spec: ['name:', 'image:'].join('\n'),
      problems: [
        '1:1: `name` must be text; found nothing. Write a value.',
        '2:1: `image` must be text: `AUTO`, or an image reference such as `nginx:1.29`; found nothing. Write a value.',
      ],
    },
    {
      title: 'no image',
      spec: 'name: hello',
      problems: ['1:1: `image` is missing: add a line such as `image: AUTO`.'],
    },
    {
      title: 'several at once, in the order of the file',
      spec: ['nme: hello', 'port: {http: 0}', 'min_containers: two', 'image: AUTO'].join('\n'),
      problems: [
        '1:1: unknown field `nme`: did you mean `name`?',
        '2:14: `port.http` must be a whole number from 1 to 65535; found 0.',
        '3:17: `min_containers` must be a whole number, 0 or more; found "two".',
      ],
    },
    {
      title: 'nothing after the colon',
      spec: withFields('healthcheck_path:', 'port:', 'secrets: ~'),
      problems: [
        '3:1: `healthcheck_path` must be a path such as `/healthz`; found nothing. Write a value, or remove the line.',
        '4:1: `port` must be a map with one port, `{http: 8080}` or `{tcp: 5432}`; found nothing. Write a value, or remove the line.',
        '5:10: `secrets` must be a list of names; found nothing. Write a value, or remove the line.',
      ],
    },
  ],
  name: [
    {
      title: 'capitals and underscores',
      spec: ['name: My_App', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found "My_App". Write `my-app`.',
      ],
    },
    {
      title: 'too long',
      spec: ['name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa". It has 53 characters; Kubernetes appends up to 11 to the name and stops at 63. Write `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`.',
      ],
    },
    {
      title: 'a digit first',
      spec: ['name: 9lives', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found "9lives". Write `app-9lives`.',
      ],
    },
    {
      title: 'a dash last',
      spec: ['name: hello-', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found "hello-". Write `hello`.',
      ],
    },
    {
      title: 'nothing that could stay',
      spec: ['name: "???"', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found "???".',
      ],
    },
    {
      title: 'empty',
      spec: ['name: ""', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found "".',
      ],
    },
    {
      title: 'a number',
      spec: ['name: 123', 'image: AUTO'].join('\n'),
      problems: ['1:7: `name` must be text; found 123. Put it in quotes: `"123"`.'],
    },
    {
      title: 'a boolean',
      spec: ['name: true', 'image: AUTO'].join('\n'),
      problems: ['1:7: `name` must be text; found true. Put it in quotes: `"true"`.'],
    },
    {
      title: 'a list',
      spec: ['name: [hello]', 'image: AUTO'].join('\n'),
      problems: ['1:7: `name` must be text; found a list.'],
    },
  ],
  image: [
    {
      title: 'empty',
      spec: ['name: hello', 'image: ""'].join('\n'),
      problems: ['2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "".'],
    },
    {
      title: 'a space',
      spec: ['name: hello', 'image: nginx 1.29'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "nginx 1.29". A reference has no spaces.',
      ],
    },
    {
      title: 'a space at the end',
      spec: ['name: hello', 'image: "nginx:1.29 "'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "nginx:1.29 ". Write `nginx:1.29`.',
      ],
    },
    {
      title: 'a scheme',
      spec: ['name: hello', 'image: https://ghcr.io/org/app:1'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "https://ghcr.io/org/app:1". Leave `https://` out: write `ghcr.io/org/app:1`.',
      ],
    },
    {
      title: 'capitals',
      spec: ['name: hello', 'image: ghcr.io/Org/App:V1'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "ghcr.io/Org/App:V1". Repositories are lower-case: write `ghcr.io/org/app:V1`.',
      ],
    },
    {
      title: 'an empty part',
      spec: ['name: hello', 'image: ghcr.io//app'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "ghcr.io//app". `/app` is not a repository: parts of lower-case letters and digits, with single `.`, `_` or `-` between them, joined by `/`.',
      ],
    },
    {
      title: 'no tag after the colon',
      spec: ['name: hello', 'image: "nginx:"'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "nginx:". The tag after `:` is missing.',
      ],
    },
    {
      title: 'a bad tag',
      spec: ['name: hello', 'image: nginx:-a'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "nginx:-a". A tag is at most 128 letters, digits, `_`, `.` and `-`, starting with a letter, a digit or `_`.',
      ],
    },
    {
      title: 'a bad digest',
      spec: ['name: hello', 'image: nginx@sha256:abc'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "nginx@sha256:abc". A digest is `sha256:` and 64 hexadecimal digits, in lower case.',
      ],
    },
    {
      title: 'a tag in the middle',
      spec: ['name: hello', 'image: nginx:1.29/app'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "nginx:1.29/app". `nginx:1.29` is not the address of a registry.',
      ],
    },
    {
      title: 'a bad registry',
      spec: ['name: hello', 'image: my_host:5000/app'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "my_host:5000/app". `my_host:5000` is not the address of a registry.',
      ],
    },
    {
      title: 'no repository',
      spec: ['name: hello', 'image: ghcr.io/'].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "ghcr.io/". The repository is missing.',
      ],
    },
    {
      title: 'too long',
      spec: [
        'name: hello',
        'image: a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a',
      ].join('\n'),
      problems: [
        '2:8: `image` must be `AUTO` or an image reference such as `nginx:1.29`; found "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a…". A repository has at most 255 characters.',
      ],
    },
    {
      title: 'a map',
      spec: ['name: hello', 'image: {repository: nginx}'].join('\n'),
      problems: ['2:8: `image` must be text: `AUTO`, or an image reference such as `nginx:1.29`; found a map.'],
    },
  ],
  port: [
    {
      title: 'zero',
      spec: withFields('port: {http: 0}'),
      problems: ['3:14: `port.http` must be a whole number from 1 to 65535; found 0.'],
    },
    {
      title: 'too high',
      spec: withFields('port: {http: 70000}'),
      problems: ['3:14: `port.http` must be a whole number from 1 to 65535; found 70000.'],
    },
    {
      title: 'negative',
      spec: withFields('port: {tcp: -1}'),
      problems: ['3:13: `port.tcp` must be a whole number from 1 to 65535; found -1.'],
    },
    {
      title: 'not whole',
      spec: withFields('port: {http: 80.5}'),
      problems: ['3:14: `port.http` must be a whole number from 1 to 65535; found 80.5.'],
    },
    {
      title: 'in quotes',
      spec: withFields('port: {http: "8080"}'),
      problems: ['3:14: `port.http` must be a whole number from 1 to 65535; found "8080". Remove the quotes: `8080`.'],
    },
    {
      title: 'a word',
      spec: withFields('port: {http: web}'),
      problems: ['3:14: `port.http` must be a whole number from 1 to 65535; found "web".'],
    },
    {
      title: 'both',
      spec: withFields('port:', '  http: 8080', '  tcp: 5432'),
      problems: [
        '4:3: `port` must be a map with one port, `{http: 8080}` or `{tcp: 5432}`; found both. Keep one of the two.',
      ],
    },
    {
      title: 'neither',
      spec: withFields('port: {}'),
      problems: [
        '3:7: `port` must be a map with one port, `{http: 8080}` or `{tcp: 5432}`; found an empty map. A service without a port has no `port` at all.',
      ],
    },
    {
      title: 'a type of later',
      spec: withFields('port: {grpc: 8080}'),
      problems: [
        '3:8: unknown field `grpc` in `port`, which must be a map with one port, `{http: 8080}` or `{tcp: 5432}`.',
      ],
    },
    {
      title: 'only a number',
      spec: withFields('port: 8080'),
      problems: ['3:7: `port` must be a map with one port, `{http: 8080}` or `{tcp: 5432}`; found 8080.'],
    },
    {
      title: 'a list',
      spec: withFields('port: [8080]'),
      problems: ['3:7: `port` must be a map with one port, `{http: 8080}` or `{tcp: 5432}`; found a list.'],
    },
  ],
  containers: [
    {
      title: 'min above max',
      spec: withFields('min_containers: 5', 'max_containers: 2'),
      problems: ['3:17: `min_containers` is 5, more than `max_containers`, which is 2: lower one or raise the other.'],
    },
    {
      title: 'min above the default of max',
      spec: withFields('min_containers: 5'),
      problems: [
        '3:17: `min_containers` is 5, more than `max_containers`, which is 3 when it is not given. Write `max_containers: 5` or more too.',
      ],
    },
    {
      title: 'max below the default of min',
      spec: withFields('max_containers: 0'),
      problems: [
        '3:17: `max_containers` is 0, less than `min_containers`, which is 1 when it is not given. For no containers, write `min_containers: 0` too.',
      ],
    },
    {
      title: 'from none to some',
      spec: withFields('min_containers: 0'),
      problems: [
        '3:17: `min_containers` can be 0 only when `max_containers` is 0 too (no containers at all): autoscaling by cpu and memory cannot start the first one. Write `min_containers: 1`, or `max_containers: 0`.',
      ],
    },
    {
      title: 'negative',
      spec: withFields('min_containers: -1'),
      problems: ['3:17: `min_containers` must be a whole number, 0 or more; found -1.'],
    },
    {
      title: 'not whole',
      spec: withFields('max_containers: 2.5'),
      problems: ['3:17: `max_containers` must be a whole number, 0 or more; found 2.5.'],
    },
    {
      title: 'a word',
      spec: withFields('max_containers: three'),
      problems: ['3:17: `max_containers` must be a whole number, 0 or more; found "three".'],
    },
    {
      title: 'in quotes',
      spec: withFields('max_containers: "3"'),
      problems: ['3:17: `max_containers` must be a whole number, 0 or more; found "3". Remove the quotes: `3`.'],
    },
    {
      title: 'endless',
      spec: withFields('max_containers: .inf'),
      problems: ['3:17: `max_containers` must be a whole number, 0 or more; found .inf.'],
    },
    {
      title: 'percentages',
      spec: withFields('autoscaling_target_cpu_percentage: 0', 'autoscaling_target_mem_percentage: 101'),
      problems: [
        '3:36: `autoscaling_target_cpu_percentage` must be a whole number from 1 to 100; found 0.',
        '4:36: `autoscaling_target_mem_percentage` must be a whole number from 1 to 100; found 101.',
      ],
    },
    {
      title: 'a percent sign',
      spec: withFields('autoscaling_target_cpu_percentage: 80%'),
      problems: ['3:36: `autoscaling_target_cpu_percentage` must be a whole number from 1 to 100; found "80%".'],
    },
  ],
  env_vars: [
    {
      title: 'names that are none',
      spec: withFields('env_vars:', '  A B: 1', '  9x: 2', '  ..a: 3', '  "": 4', '  .: 5'),
      problems: [
        '4:3: the name "A B" in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`. Write `A_B`.',
        '5:3: the name "9x" in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`. Write `_9x`.',
        '6:3: the name "..a" in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`. Write `a`.',
        '7:3: the name "" in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`.',
        '8:3: the name "." in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`.',
      ],
    },
    {
      title: 'names that are none, in a list',
      spec: withFields('env_vars:', '  - {name: A B, value: 1}', '  - {name: 9, value: 1}'),
      problems: [
        '4:12: `env_vars[0].name` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`; found "A B". Write `A_B`.',
        '5:12: `env_vars[1].name` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`; found 9. Write `_9`.',
      ],
    },
    {
      title: 'no value',
      spec: withFields('env_vars:', '  A:', '  B: null', '  C: ~'),
      problems: [
        '4:3: `env_vars.A` must be text (`""` for none), a number, `true` or `false`; found nothing. Write a value, or remove the line.',
        '5:6: `env_vars.B` must be text (`""` for none), a number, `true` or `false`; found nothing. Write a value, or remove the line.',
        '6:6: `env_vars.C` must be text (`""` for none), a number, `true` or `false`; found nothing. Write a value, or remove the line.',
      ],
    },
    {
      title: 'values that are none',
      spec: withFields('env_vars:', '  A: {"a": 1}', '  B: [1]'),
      problems: [
        '4:6: `env_vars.A` must be text (`""` for none), a number, `true` or `false`; found a map. Put it in quotes if it is meant as text.',
        '5:6: `env_vars.B` must be text (`""` for none), a number, `true` or `false`; found a list. Put it in quotes if it is meant as text.',
      ],
    },
    {
      title: 'a list with parts missing',
      spec: withFields('env_vars:', '  - name: A', '  - value: 1', '  - {nme: A, value: 1}', '  - A=1'),
      problems: [
        '4:5: `env_vars[0]` has no `value`: it must be text (`""` for none), a number, `true` or `false`.',
        '5:5: `env_vars[1]` has no `name`: it must be the name of an environment variable.',
        '6:5: `env_vars[2]` has no `name`: it must be the name of an environment variable.',
        '6:6: unknown field `nme` in `env_vars[2]`, which must be a map `{name: …, value: …}`.',
        '7:5: `env_vars[3]` must be a map `{name: …, value: …}`; found "A=1".',
      ],
    },
    {
      title: 'a name twice in a list',
      spec: withFields('env_vars:', '  - {name: A, value: 1}', '  - {name: B, value: 1}', '  - {name: A, value: 2}'),
      problems: ['6:12: "A" is in `env_vars` twice, first on line 4: keep one.'],
    },
    {
      title: 'text',
      spec: withFields('env_vars: A=1'),
      problems: [
        '3:11: `env_vars` must be a map of names and values, or a list of `{name: …, value: …}`; found "A=1".',
      ],
    },
  ],
  secrets: [
    {
      title: 'names that are none',
      spec: withFields('secrets: [A B, 9x]'),
      problems: [
        '3:11: `secrets[0]` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`; found "A B". Write `A_B`.',
        '3:16: `secrets[1]` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`; found "9x". Write `_9x`.',
      ],
    },
    {
      title: 'a name that is too long',
      spec: withFields(
        'secrets:',
        '  - AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      ),
      problems: [
        '4:5: `secrets[0]` must be at most 253 characters long, as keys of Kubernetes Secrets are; found "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…".',
      ],
    },
    {
      title: 'values',
      spec: withFields('secrets:', '  - PASSWORD: hunter2'),
      problems: ['4:5: `secrets[0]` must be the name of an environment variable, without a value; found a map.'],
    },
    {
      title: 'a map',
      spec: withFields('secrets: {PASSWORD: hunter2}'),
      problems: ['3:10: `secrets` must be a list of names; found a map.'],
    },
    {
      title: 'only a name',
      spec: withFields('secrets: PASSWORD'),
      problems: ['3:10: `secrets` must be a list of names; found "PASSWORD". Write it as a list: `[PASSWORD]`.'],
    },
    {
      title: 'a name twice',
      spec: withFields('secrets: [A, B, A]'),
      problems: ['3:17: "A" is in `secrets` twice, first on line 3: keep one.'],
    },
    {
      title: 'also in env_vars',
      spec: withFields('secrets: [A, B]', 'env_vars: {B: 1}'),
      problems: [
        '4:12: "B" is in `env_vars` and in `secrets` (line 3): keep it in `secrets` if its value is not for everyone to read, else in `env_vars`.',
      ],
    },
    {
      title: 'also in a list of env_vars',
      spec: withFields('env_vars:', '  - {name: B, value: 1}', 'secrets: [A, B]'),
      problems: [
        '4:12: "B" is in `env_vars` and in `secrets` (line 5): keep it in `secrets` if its value is not for everyone to read, else in `env_vars`.',
      ],
    },
  ],
  probes: [
    {
      title: 'spaces',
      spec: withFields('port: {http: 8080}', 'healthcheck_path: /a b'),
      problems: [
        '4:19: `healthcheck_path` must be a path such as `/healthz`; found "/a b". It has a space or another character that must be percent-encoded (a space is `%20`).',
      ],
    },
    {
      title: 'an address',
      spec: withFields('port: {http: 8080}', 'liveness_probe_path: http://localhost:8080/alive'),
      problems: [
        '4:22: `liveness_probe_path` must be a path such as `/healthz`; found "http://localhost:8080/alive". The container itself is asked: write only the path, `/alive`.',
      ],
    },
    {
      title: 'only a host',
      spec: withFields('port: {http: 8080}', 'liveness_probe_path: //localhost'),
      problems: [
        '4:22: `liveness_probe_path` must be a path such as `/healthz`; found "//localhost". The container itself is asked: write only the path, `/`.',
      ],
    },
    {
      title: 'empty',
      spec: withFields('port: {http: 8080}', 'readiness_probe_path: ""'),
      problems: ['4:23: `readiness_probe_path` must be a path such as `/healthz`; found "".'],
    },
    {
      title: 'a fragment',
      spec: withFields('port: {http: 8080}', 'healthcheck_path: "/a#b"'),
      problems: [
        '4:19: `healthcheck_path` must be a path such as `/healthz`; found "/a#b". A fragment (`#…`) is never sent to a server: leave it out.',
      ],
    },
    {
      title: 'a lone percent sign',
      spec: withFields('port: {http: 8080}', 'healthcheck_path: /100%'),
      problems: [
        '4:19: `healthcheck_path` must be a path such as `/healthz`; found "/100%". A `%` starts a code of two hexadecimal digits: write `%25` for a percent sign.',
      ],
    },
    {
      title: 'not ASCII',
      spec: withFields('port: {http: 8080}', 'healthcheck_path: /gesundheit-für-alle'),
      problems: [
        '4:19: `healthcheck_path` must be a path such as `/healthz`; found "/gesundheit-für-alle". It has a space or another character that must be percent-encoded (a space is `%20`).',
      ],
    },
    {
      title: 'a number',
      spec: withFields('port: {http: 8080}', 'healthcheck_path: 200'),
      problems: ['4:19: `healthcheck_path` must be a path such as `/healthz`; found 200. Put it in quotes: `"200"`.'],
    },
    {
      title: 'without a port',
      spec: withFields('healthcheck_path: /', 'liveness_probe_path: /a', 'readiness_probe_path: /b'),
      problems: [
        '3:1: `healthcheck_path` needs an `http` port, and this service has no port. Add `port: {http: …}`, or remove `healthcheck_path`.',
        '4:1: `liveness_probe_path` needs an `http` port, and this service has no port. Add `port: {http: …}`, or remove `liveness_probe_path`.',
        '5:1: `readiness_probe_path` needs an `http` port, and this service has no port. Add `port: {http: …}`, or remove `readiness_probe_path`.',
      ],
    },
    {
      title: 'with a tcp port',
      spec: withFields('port: {tcp: 5432}', 'healthcheck_path: /'),
      problems: [
        '4:1: `healthcheck_path` needs an `http` port, and this service has only a `tcp` port. A `tcp` port is probed by connecting to it. Make it `http`, or remove `healthcheck_path`.',
      ],
    },
  ],
  routes: [
    {
      title: 'a scheme',
      spec: withFields('port: {http: 8080}', 'public_uri: https://example.com/hello'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "https://example.com/hello". Leave `https://` out: write `example.com/hello`.',
      ],
    },
    {
      title: 'no scheme but its slashes',
      spec: withFields('port: {http: 8080}', 'public_uri: //example.com'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "//example.com". Leave `//` out: write `example.com`.',
      ],
    },
    {
      title: 'a port',
      spec: withFields('port: {http: 8080}', 'public_uri: example.com:8080/hello'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "example.com:8080/hello". Leave the port out, it comes from the ingress: write `example.com/hello`.',
      ],
    },
    {
      title: 'a query',
      spec: withFields('port: {http: 8080}', 'public_uri: /hello?a=b'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "/hello?a=b". A query does not choose a service: write `/hello`.',
      ],
    },
    {
      title: 'a fragment',
      spec: withFields('port: {http: 8080}', 'public_uri: "/hello#top"'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "/hello#top". A fragment does not choose a service: write `/hello`.',
      ],
    },
    {
      title: 'a word',
      spec: withFields('port: {http: 8080}', 'public_uri: hello'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "hello". Write `/hello` for a path, or a whole host such as `hello.example.com`.',
      ],
    },
    {
      title: 'empty',
      spec: withFields('port: {http: 8080}', 'public_uri: ""'),
      problems: ['4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "".'],
    },
    {
      title: 'a space',
      spec: withFields('port: {http: 8080}', 'public_uri: "example.com /x"'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "example.com /x". Remove the spaces.',
      ],
    },
    {
      title: 'a space at the end',
      spec: withFields('port: {http: 8080}', 'public_uri: "example.com "'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "example.com ". Write `example.com`.',
      ],
    },
    {
      title: 'an underscore',
      spec: withFields('port: {http: 8080}', 'public_uri: my_app.example.com'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "my_app.example.com". A host is made of letters, digits and `-` between dots, at most 63 in a part and 253 in all (international names in their `xn--` form).',
      ],
    },
    {
      title: 'an empty part',
      spec: withFields('port: {http: 8080}', 'public_uri: a..example.com'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "a..example.com". A host is made of letters, digits and `-` between dots, at most 63 in a part and 253 in all (international names in their `xn--` form).',
      ],
    },
    {
      title: 'a last dot',
      spec: withFields('port: {http: 8080}', 'public_uri: example.com./x'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "example.com./x". Leave the last dot out: write `example.com/x`.',
      ],
    },
    {
      title: 'an IP address',
      spec: withFields('port: {http: 8080}', 'public_uri: 10.0.0.1'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "10.0.0.1". An IP address is not a host: write its DNS name.',
      ],
    },
    {
      title: 'a star inside',
      spec: withFields('port: {http: 8080}', 'public_uri: a.*.example.com'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "a.*.example.com". A `*` in a host stands alone before the first dot: `*.example.com`.',
      ],
    },
    {
      title: 'a star on part of a name',
      spec: withFields('port: {http: 8080}', 'public_uri: "*a.example.com"'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "*a.example.com". A `*` in a host stands alone before the first dot: `*.example.com`.',
      ],
    },
    {
      title: 'a star in a path',
      spec: withFields('port: {http: 8080}', 'public_uri: /hello/*'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "/hello/*". A path covers everything below it: leave `/*` out and write `/hello` for the path.',
      ],
    },
    {
      title: 'empty parts of a path',
      spec: withFields('port: {http: 8080}', 'public_uri: /a//b'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "/a//b". Write a single `/` for `//`.',
      ],
    },
    {
      title: 'dots in a path',
      spec: withFields('port: {http: 8080}', 'public_uri: /a/../b'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "/a/../b". The path has `.` or `..` for a part.',
      ],
    },
    {
      title: 'a path with other characters',
      spec: withFields('port: {http: 8080}', 'public_uri: /a+b'),
      problems: [
        '4:13: `public_uri` must be a host (`hello.example.com`), `host/path`, `/path` or `*`; found "/a+b". A path is made of letters, digits, `-`, `_`, `.` and `~` between slashes.',
      ],
    },
    {
      title: 'outside the domain',
      spec: withFields('port: {http: 8080}', 'public_uri: [example.com, hello.example.org, notexample.com]'),
      problems: [
        '4:27: "hello.example.org" in `public_uri` is outside the domain "example.com" (`parent.domain`). Write `"{parent[domain]}"` or a host below it, such as `"hello.{parent[domain]}"`.',
        '4:46: "notexample.com" in `public_uri` is outside the domain "example.com" (`parent.domain`). Write `"{parent[domain]}"` or a host below it, such as `"hello.{parent[domain]}"`.',
      ],
    },
    {
      title: 'twice',
      spec: withFields('port: {http: 8080}', 'public_uri:', '  - Example.com/a/', '  - example.com/a'),
      problems: ['6:5: "example.com/a" is in `public_uri` twice, first on line 5: keep one.'],
    },
    {
      title: 'a number',
      spec: withFields('port: {http: 8080}', 'public_uri: 8080'),
      problems: [
        '4:13: `public_uri` must be an address such as `hello.example.com/path`, or a list of them; found 8080.',
      ],
    },
    {
      title: 'a list with a map',
      spec: withFields('port: {http: 8080}', 'public_uri: [{host: example.com}]'),
      problems: ['4:14: `public_uri[0]` must be text; found a map.'],
    },
    {
      title: 'without a port',
      spec: withFields('public_uri: /hello', 'consistent_hash: $request_uri'),
      problems: [
        '3:1: `public_uri` needs an `http` port, and this service has no port. Add `port: {http: …}`, or remove `public_uri`.',
        '4:1: `consistent_hash` needs an `http` port, and this service has no port. Add `port: {http: …}`, or remove `consistent_hash`.',
      ],
    },
    {
      title: 'with a tcp port',
      spec: withFields('port: {tcp: 5432}', 'public_uri: /hello', 'sticky_session: true'),
      problems: [
        '4:1: `public_uri` needs an `http` port, and this service has only a `tcp` port. Make it `http`, or remove `public_uri`.',
        '5:1: `sticky_session` needs an `http` port, and this service has only a `tcp` port. Make it `http`, or remove `sticky_session`.',
      ],
    },
    {
      title: 'a hash of another variable',
      spec: withFields('port: {http: 8080}', 'consistent_hash: $host'),
      problems: [
        '4:18: `consistent_hash` must be one of the nginx variables `$request_uri`, `$remote_addr`, `$http_<header>`, `$cookie_<name>` or `$arg_<name>`; found "$host".',
      ],
    },
    {
      title: 'a hash without its dollar',
      spec: withFields('port: {http: 8080}', 'consistent_hash: request_uri'),
      problems: [
        '4:18: `consistent_hash` must be one of the nginx variables `$request_uri`, `$remote_addr`, `$http_<header>`, `$cookie_<name>` or `$arg_<name>`; found "request_uri". Write `$request_uri`.',
      ],
    },
    {
      title: 'a hash of a header as it is spelled',
      spec: withFields('port: {http: 8080}', 'consistent_hash: $http_X-User'),
      problems: [
        '4:18: `consistent_hash` must be one of the nginx variables `$request_uri`, `$remote_addr`, `$http_<header>`, `$cookie_<name>` or `$arg_<name>`; found "$http_X-User". Write `$http_x_user`.',
      ],
    },
    {
      title: 'a hash and a cookie',
      spec: withFields('port: {http: 8080}', 'sticky_session: true', 'consistent_hash: $request_uri'),
      problems: [
        '5:1: `consistent_hash` and `sticky_session` each decide alone which container gets a request: only one would work. Keep one.',
      ],
    },
    {
      title: 'yes',
      spec: withFields('port: {http: 8080}', 'sticky_session: yes'),
      problems: ['4:17: `sticky_session` must be `true` or `false`; found "yes". Write `true`.'],
    },
    {
      title: 'an age without a cookie',
      spec: withFields('port: {http: 8080}', 'sticky_session_max_age: 60'),
      problems: [
        '4:1: `sticky_session_max_age` does nothing without `sticky_session`: add `sticky_session: true`, or remove it.',
      ],
    },
    {
      title: 'no age',
      spec: withFields('port: {http: 8080}', 'sticky_session: true', 'sticky_session_max_age: 0'),
      problems: ['5:25: `sticky_session_max_age` must be a whole number of seconds, 1 or more; found 0.'],
    },
  ],
  resources: [
    {
      title: 'cores for millicores',
      spec: withFields('resource_request: {cpu: 2}'),
      problems: [
        '3:25: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found 2. A number is millicores: write `2000` for 2 cores.',
      ],
    },
    {
      title: 'part of a core',
      spec: withFields('resource_request: {cpu: 0.5}'),
      problems: [
        '3:25: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found 0.5. A number is millicores: write `500` for 0.5 cores.',
      ],
    },
    {
      title: 'gigabytes for megabytes',
      spec: withFields('resource_request: {memory: 4}'),
      problems: [
        '3:28: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found 4. A number is megabytes: write `4Gi` for gigabytes.',
      ],
    },
    {
      title: 'bytes',
      spec: withFields('resource_request: {memory: "512"}'),
      problems: [
        '3:28: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found "512". Without a unit Kubernetes reads bytes: write `512Mi`.',
      ],
    },
    {
      title: 'thousandths of a byte',
      spec: withFields('resource_request: {memory: 512m}'),
      problems: [
        '3:28: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found "512m". `m` is a thousandth of a byte: write `512Mi`.',
      ],
    },
    {
      title: 'another unit',
      spec: withFields('resource_request: {memory: 1GB}'),
      problems: [
        '3:28: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found "1GB". Write `1Gi`.',
      ],
    },
    {
      title: 'cpu in bytes',
      spec: withFields('resource_request: {cpu: 1Gi}'),
      problems: [
        '3:25: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found "1Gi".',
      ],
    },
    {
      title: 'nothing',
      spec: withFields('resource_request: {cpu: "0", memory: 0Mi}'),
      problems: [
        '3:25: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found "0".',
        '3:38: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found "0Mi".',
      ],
    },
    {
      title: 'negative',
      spec: withFields('resource_request: {cpu: -100, memory: -1}'),
      problems: [
        '3:25: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found -100.',
        '3:39: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found -1.',
      ],
    },
    {
      title: 'not a whole byte',
      spec: withFields('resource_request: {memory: 0.3Ki}'),
      problems: [
        '3:28: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found "0.3Ki". It is not a whole number of bytes: write it with a smaller unit.',
      ],
    },
    {
      title: 'more than there is',
      spec: withFields('resource_request: {memory: 999999999Ti}'),
      problems: [
        '3:28: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found "999999999Ti". It is more than any machine has.',
      ],
    },
    {
      title: 'fractions',
      spec: withFields('resource_request: {cpu: 100.5, memory: 128.5}'),
      problems: [
        '3:25: `resource_request.cpu` must be a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`; found 100.5.',
        '3:40: `resource_request.memory` must be a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`; found 128.5.',
      ],
    },
    {
      title: 'another kind',
      spec: withFields('resource_request: {cpu: true, memory: [1]}'),
      problems: [
        '3:25: `resource_request.cpu` must be millicores as a number (`100`) or text with a unit (`250m`, `"1.5"`); found true.',
        '3:39: `resource_request.memory` must be megabytes as a number (`128`) or text with a unit (`512Mi`, `1Gi`); found a list. Put it in quotes if it is meant as text.',
      ],
    },
    {
      title: 'only a number',
      spec: withFields('resource_request: 100'),
      problems: ['3:19: `resource_request` must be a map such as `{cpu: 100, memory: 128}`; found 100.'],
    },
    {
      title: 'an unknown field',
      spec: withFields('resource_request: {cpu: 100, mem: 128}'),
      problems: [
        '3:30: unknown field `mem` in `resource_request`, which must be a map such as `{cpu: 100, memory: 128}`.',
      ],
    },
  ],
  'not supported yet': [
    {
      title: 'policies',
      spec: withFields('additional_iam_policies:', '  - arn:aws:iam::123456789012:policy/read-orders'),
      problems: [
        '3:1: `additional_iam_policies` is not supported yet. Remove it for now: the service runs without AWS permissions of its own.',
      ],
    },
    {
      title: 'a policy that is none',
      spec: withFields('additional_iam_policies: [read-orders]'),
      problems: [
        '3:1: `additional_iam_policies` is not supported yet. Remove it for now: the service runs without AWS permissions of its own.',
        '3:27: `additional_iam_policies[0]` must be the ARN of an IAM policy, such as `arn:aws:iam::123456789012:policy/read-orders`; found "read-orders".',
      ],
    },
    {
      title: 'a policy that is no list',
      spec: withFields('additional_iam_policies: read-orders'),
      problems: [
        '3:26: `additional_iam_policies` must be a list of ARNs of IAM policies; found "read-orders". Write it as a list: `[read-orders]`.',
      ],
    },
    {
      title: 'links',
      spec: withFields('links:', '  - database', '  - orders: [read]', '  - cache:', '      - cache_host: CACHE_HOST'),
      problems: [
        '3:1: `links` is not supported yet. Remove it for now, and pass addresses by `env_vars` and passwords by `secrets`.',
      ],
    },
    {
      title: 'links of another shape',
      spec: withFields('links: [{orders: read}]'),
      problems: [
        '3:1: `links` is not supported yet. Remove it for now, and pass addresses by `env_vars` and passwords by `secrets`.',
        '3:18: `links[0].orders` must be a list of permissions (`[read]`) or of renamed variables (`[{db_host: DB_HOST}]`); found "read". Write it as a list: `[read]`.',
      ],
    },
  ],
};

describe.each(Object.entries(cases))('What a spec may not hold: %s', (_, rows) => {
  test.each(rows)('$title', ({ spec, problems }) => {
    expect(problemsOf(spec)).toEqual(problems);
  });
});
