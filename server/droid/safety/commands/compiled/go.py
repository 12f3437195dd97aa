"""Written from `programs/go.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'go': {'risk': 'high: an unknown subcommand',
        'bare': 'low: shows its help',
        'help': ['--help', '-h', '-help'],
        'single_dash': True,
        'flags': {'-C': 'folder'},
        'commands': {'version|doc|help|bug|mod graph|mod why|mod verify|telemetry': {'risk': 'low: '
                                                                                             'only '
                                                                                             'looks',
                                                                                     'flags': {'-m, -v, -vuln, -all, -u, -src, -c, -cmd, -short, -ex, -http': 'flag'}},
                     'list': {'risk': 'low: lists packages',
                              'flags': {'-f, -modfile, -tags, -reuse, -overlay, -p, -mod': 'value',
                                        '-toolexec': 'shell; high: says what runs',
                                        '-export': 'medium: builds'}},
                     'env': {'risk': 'low: shows settings',
                             'flags': {'-w, -u': "high: changes the user's settings",
                                       '-json, -changed': 'flag'}},
                     'vet': {'risk': 'low: checks code',
                             'flags': {'-vettool': 'value; high: says what runs',
                                       '-toolexec': 'shell; high: says what runs',
                                       '-tags, -mod, -modfile, -overlay, -p, -c': 'value',
                                       '-fix': 'medium: changes files'}},
                     'telemetry on|telemetry local|telemetry off': "high: changes the user's "
                                                                   'settings',
                     'build|test|generate|get|fix|fmt|mod tidy|mod download|mod init|mod edit|mod vendor|work|work init|work use|work sync|work edit|work vendor|mod': {'risk': 'medium: '
                                                                                                                                                                                'builds '
                                                                                                                                                                                'the '
                                                                                                                                                                                'project '
                                                                                                                                                                                'or '
                                                                                                                                                                                'changes '
                                                                                                                                                                                'it',
                                                                                                                                                                        'flags': {'-o, -coverprofile, -cpuprofile, -memprofile, -blockprofile, -mutexprofile, -trace, -outputdir, -pkgdir': 'write',
                                                                                                                                                                                  '-toolexec': 'shell; '
                                                                                                                                                                                               'high: '
                                                                                                                                                                                               'says '
                                                                                                                                                                                               'what '
                                                                                                                                                                                               'runs',
                                                                                                                                                                                  '-exec': 'shell; '
                                                                                                                                                                                           'high: '
                                                                                                                                                                                           'says '
                                                                                                                                                                                           'what '
                                                                                                                                                                                           'runs',
                                                                                                                                                                                  '-n': 'low: '
                                                                                                                                                                                        'a '
                                                                                                                                                                                        'dry '
                                                                                                                                                                                        'run',
                                                                                                                                                                                  '-overlay': 'read',
                                                                                                                                                                                  '-run, -bench, -count, -timeout, -tags, -ldflags, -gcflags, -asmflags, -gccgoflags, -mod, -modfile, -p, -parallel, -cpu, -covermode, -coverpkg, -compiler, -buildmode, -buildvcs, -installsuffix, -fuzz, -fuzztime, -shuffle, -skip, -vet, -list, -go, -compat, -module, -require, -replace, -droprequire, -dropreplace, -exclude, -target, -size, -opt, -scheduler, -gc, -reuse, -run': 'value',
                                                                                                                                                                                  '-ldflags=*-extld*': 'value; '
                                                                                                                                                                                                       'high: '
                                                                                                                                                                                                       'says '
                                                                                                                                                                                                       'what '
                                                                                                                                                                                                       'links',
                                                                                                                                                                                  '-v, -race, -cover, -short, -failfast, -json, -a, -x, -work, -c, -i, -u, -t, -d, -trimpath, -msan, -asan, -benchmem, -e, -diff, -print, -fmt': 'flag'}},
                     'work use -r|mod edit -json|mod edit -print': 'medium: changes the project',
                     'run': {'risk': 'medium: builds and runs the project',
                             'operands': 'value...',
                             'options': 'first',
                             'rules': [{'operand': '*@*',
                                        'at': 0,
                                        'risk': 'high: runs code from the network'}],
                             'flags': {'-exec': 'shell; high: says what runs',
                                       '-toolexec': 'shell; high: says what runs',
                                       '-tags, -ldflags, -gcflags, -mod, -modfile, -p, -overlay, -target': 'value',
                                       '-race, -v, -x, -n, -a, -work, -trimpath': 'flag'}},
                     'install': {'risk': 'high: installs for the user',
                                 'flags': {'-n': 'low: a dry run',
                                           '-toolexec': 'shell; high: says what runs',
                                           '-tags, -ldflags, -gcflags, -mod, -modfile, -p': 'value'}},
                     'clean': {'risk': 'medium: removes what was built',
                               'flags': {'-modcache, -fuzzcache': 'high: removes what was '
                                                                  'downloaded',
                                         '-cache, -testcache, -i, -r, -x': 'flag',
                                         '-n': 'low: a dry run'}},
                     'tool': {'risk': 'medium: runs a tool of the project',
                              'bare': 'low: lists tools'},
                     'tool vet|tool nm|tool objdump|tool addr2line|tool buildid|tool doc|tool test2json|tool dist list': {'risk': 'low: '
                                                                                                                                  'only '
                                                                                                                                  'looks'},
                     'tool cover': {'risk': 'low: shows coverage',
                                    'flags': {'-o': 'write',
                                              '-func': 'read',
                                              '-html': 'read; medium: opens a report',
                                              '-mode, -var': 'value'}},
                     'tool pprof|tool trace': {'risk': 'medium: looks at a profile',
                                               'flags': {'-http': 'value',
                                                         '-http=0.0.0.0*': 'value; high: opens a '
                                                                           'port',
                                                         '-http=:*': 'value; high: opens a port',
                                                         '-output': 'write'}}}},
 'gofmt': {'risk': 'low: prints formatted code',
           'help': ['--help', '-h', '-help', '--version', '-version'],
           'single_dash': True,
           'operands': 'read...',
           'flags': {'-w': 'medium: changes files; makes:operands=write',
                     '-l, -d, -s, -e': 'flag',
                     '-cpuprofile': 'write',
                     '-r, -local, -srcdir, -m, -t': 'value',
                     '-extra': 'flag'},
           'rules': [{'operand': 'write', 'at': 0, 'risk': 'medium: changes files'}]},
 'golangci-lint': {'risk': 'low: checks code',
                   'help': ['--help', '-h', '--version', '-version'],
                   'operands': 'read...',
                   'flags': {'--fix, -fix, -w': 'medium: changes files',
                             '--out, -out, --output.html.path, --output.json.path': 'write',
                             '-c, --config, -E, -D, --enable, --disable, --timeout, --out-format, --build-tags, --new-from-rev, -j, -p, --path-prefix, -checks, -tags, -go, -f, -fmt, -exclude, -over, -ignore, -explain': 'value',
                             '--new-from-patch': 'read'},
                   'rules': [{'operand': ['custom'],
                              'at': 0,
                              'risk': 'high: builds a linter from the network'},
                             {'operand': ['fmt', 'migrate'],
                              'at': 0,
                              'risk': 'medium: changes files'},
                             {'operand': 'clean', 'at': 1, 'risk': 'medium: empties the cache'},
                             {'operand': 'save', 'at': 0, 'risk': 'medium: writes files'}]},
 'dlv': {'risk': 'medium: debugs the project',
         'bare': 'low: shows its help',
         'help': ['--help', '-h'],
         'flags': {'-l, --listen': 'value; high: opens a port',
                   '-l=127.0.0.1*, --listen=': 'value',
                   '-l=localhost*, --listen=': 'value',
                   '--init': 'run',
                   '--backend, --build-flags, --log-output, --wd, -r, --api-version': 'value'},
         'rules': [{'operand': 'version', 'at': 0, 'risk': 'low: shows its version'},
                   {'operand': ['attach', 'connect', 'dap'],
                    'at': 0,
                    'risk': 'high: reaches into another process'}]},
 'gopls': {'risk': 'medium: builds or tests the project',
           'bare': 'medium: builds or tests the project',
           'help': ['--help', '-h', '--version', '-version'],
           'flags': {'--exec, -exec': 'shell',
                     '--junitfile, --jsonfile': 'write',
                     '--post-run-command, --raw-command, --rerun-fails-run-root-test': 'high: runs '
                                                                                       'a program',
                     '-listen': 'value; high: opens a port',
                     '-w, --write': 'medium: changes files'},
           'rules': [{'operand': ['version',
                                  'check',
                                  'definition',
                                  'references',
                                  'symbols',
                                  'workspace_symbol',
                                  'folding_ranges',
                                  'highlight',
                                  'implementation',
                                  'links',
                                  'signature',
                                  'stats',
                                  'vulncheck',
                                  'call_hierarchy',
                                  'prepare_rename',
                                  'diff',
                                  'vet',
                                  'help'],
                      'at': 0,
                      'risk': 'low: only looks'},
                     {'operand': ['*deploy*', '*publish*', '*release*', 'push'],
                      'at': 0,
                      'risk': 'high: publishes'}]},
 'goreleaser': {'risk': 'high: publishes',
                'bare': 'high: publishes',
                'help': ['--help', '-h', '--version', '-v'],
                'flags': {'--skip': 'value',
                          '--skip=publish*': 'value',
                          '--snapshot': 'low: a dry run',
                          '-f, --config, -o, --output': 'value',
                          '--clean, --rm-dist': 'flag'},
                'rules': [{'operand': ['check', 'healthcheck', 'jsonschema', 'completion'],
                           'at': 0,
                           'risk': 'low: only checks'},
                          {'operand': ['build', 'init'], 'at': 0, 'risk': 'low: builds'},
                          {'operand': ['build', 'init', 'release'],
                           'at': 0,
                           'risk': 'medium: builds'}]}}
