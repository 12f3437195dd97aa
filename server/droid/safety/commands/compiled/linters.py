"""Written from `programs/linters.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'shellcheck': {'risk': 'low: checks files',
                'help': ['--help', '-h', '--version', '-V', '-v'],
                'operands': 'read...',
                'flags': {'-o, --output, --output-file, --dump': 'write',
                          '--fix, --write, --apply': 'medium: changes files',
                          '-shellcheck, -pyflakes': 'value; high: says what runs',
                          '-shellcheck=, -pyflakes=': 'value',
                          '-shellcheck=shellcheck, -pyflakes=': 'value',
                          '-e, -i, -s, -S, -f, -W, -P, --exclude, --include, --shell, --severity, --format, --rcfile, -c, --config, -ignore, -config-file, --config-file, --minAlertLevel, --glob, --ext, --filter, --timeout, --base, --remap, --schema, -d, -r, --repo': 'value'},
                'rules': [{'operand': ['sync', 'fix'], 'at': 0, 'risk': 'medium: changes files'}]},
 'elm-format': {'risk': 'medium: changes files',
                'operands': 'write...',
                'flags': {'--validate, --stdin': 'low: only checks; makes:operands=read',
                          '--output': 'write',
                          '--elm-version': 'value',
                          '--yes': 'flag'}},
 'hlint': {'risk': 'low: looks for faults',
           'operands': 'read...',
           'flags': {'--refactor': 'medium: changes files',
                     '-r, --report': 'optional; medium: writes a report',
                     '-h, --hint, -i, --ignore, -X, --only, --extension': 'value'}},
 'shfmt': {'risk': 'low: prints formatted text',
           'help': ['--help', '-h', '--version', '-version', '-V'],
           'operands': 'read...',
           'flags': {'-w, --write, -i, --in-place, --inplace, --replace, -r, --reformat, -modify, -m, -f': 'medium: '
                                                                                                           'changes '
                                                                                                           'files; '
                                                                                                           'makes:operands=write',
                     '-o, --output, -output, --out': 'write',
                     '-l, -d, --diff, --check, -s, --simplify, -sr, -ci, -bn, -kp, --test, --validate, -n, --dry-run, --mode=check, --lint': 'flag',
                     '-ln, -p, --language-dialect, -mode, --mode, -lint, --dialect, --profile, --config, -c, --indent, -t': 'value',
                     '-mode=fix, --mode=': 'value; medium: changes files',
                     '-lint=fix': 'value; medium: changes files'},
           'rules': [{'operand': ['fix', 'format', 'write', 'migrate'],
                      'at': 0,
                      'risk': 'medium: changes files'}]},
 'scalariform': {'risk': 'medium: changes files',
                 'help': ['--help', '-h', '--version', '-V'],
                 'flags': {'--check, -check, --dry-run, --list': 'low: only checks',
                           '-o, --output': 'write'},
                 'rules': [{'operand': ['list', 'lint', 'check'],
                            'at': 0,
                            'risk': 'low: only checks'},
                           {'operand': ['*release*', '*publish*', 'bump'],
                            'at': 0,
                            'risk': 'high: publishes'}]},
 'markdownlint': {'risk': 'low: checks files',
                  'help': ['--help', '-h', '--version', '-V'],
                  'operands': 'read...',
                  'flags': {'--fix, -f': 'medium: changes files; makes:operands=write',
                            '-o, --output': 'write',
                            '-c, --config, -i, --ignore, -p, --ignore-path, --disable, --enable': 'value',
                            '-r, --rules, -u, --use': 'run; medium: loads code'},
                  'rules': [{'operand': 'fmt', 'at': 0, 'risk': 'medium: changes files'}]},
 'codespell': {'risk': 'low: checks files',
               'help': ['--help', '-h', '--version', '-V'],
               'operands': 'read...',
               'flags': {'-w, --write-changes': 'medium: changes files; makes:operands=write',
                         '-i, --interactive': 'value; medium: changes files',
                         '-S, --skip, -L, --ignore-words-list, -I, --ignore-words, -D, --dictionary, -x, --exclude-file, --builtin, --uri-ignore-words-list, --format, --exclude, --locale, --type, --config': 'value',
                         '--diff, -d, -f, --files, --sort': 'flag'}},
 'cloc': {'risk': 'low: counts lines',
          'help': ['--help', '-h', '--version', '-V'],
          'operands': 'read...',
          'flags': {'--out, -o, --output, --report-file, --write-lang-def, --counted, --ignored, --categorized, --found, --sql': 'write',
                    '--extract-with': 'shell; high: runs a program on each archive',
                    '--vcs': 'value; high: runs a program to list files',
                    '--vcs=git': 'value',
                    '--vcs=auto': 'value',
                    '--vcs=svn': 'value',
                    '--git-diff-rel, --git-diff-all, --by-file, --json, --yaml, --csv, --quiet, --diff, --git': 'flag',
                    '-e, --exclude, --exclude-dir, --include-lang, --exclude-lang, --not-match-d, --not-match-f, --match-f, --match-d, --list-file, --read-lang-def, --force-lang, -t, --type, --sort, -s, -f, --format, -i, --include-ext, --timeout, --max-file-size': 'value'}},
 'hyperfine': {'risk': 'low: measures commands',
               'bare': 'low: shows its help',
               'help': ['--help', '-h', '--version', '-V'],
               'operands': 'code:shell...',
               'flags': {'-p, --prepare, -s, --setup, -c, --cleanup, -C, --conclude, --reference': 'shell',
                         '-S, --shell': 'value',
                         '-S=none, --shell=': 'value',
                         '-S=*/*, --shell=': 'value; high: says which shell runs',
                         '--export-json, --export-csv, --export-markdown, --export-asciidoc, --export-orgmode': 'write',
                         '--input': 'read',
                         '--output': 'value',
                         '--output=./*': 'write',
                         '-w, --warmup, -r, --runs, -m, --min-runs, -M, --max-runs, -n, --command-name, -P, --parameter-scan, -D, --parameter-step-size, -L, --parameter-list, --style, -u, --time-unit, --sort': 'value',
                         '-i, --ignore-failure, -N, --show-output': 'flag'}},
 'watchexec': {'risk': 'medium: runs a command whenever files change',
               'bare': 'low: shows its help',
               'help': ['--help', '-h', '--version', '-V'],
               'operands': 'shell',
               'flags': {'-e, --exts, -w, --watch, -i, --ignore, -f, --filter, -d, --debounce, -s, --signal, --stop-signal, --stop-timeout, --delay-run, --poll, --shell, --project-origin, --workdir, -E, --env, --on-busy-update, -o, --wrap-process, --emit-events-to, --fs-events, -j, --filter-file, --ignore-file': 'value',
                         '-c, --command': 'optional; shell',
                         '--filter-prog': 'value; high: runs code',
                         '-r, --restart, -n, --no-shell, -p, --postpone, -N, --notify, -q, --no-vcs-ignore, --no-project-ignore, --no-default-ignore, --timings, --once, --clear': 'flag'}},
 'just': {'risk': 'medium: runs a task of the project',
          'bare': 'medium: runs the default task',
          'options': 'first',
          'help': ['--help', '-h', '--version', '-V'],
          'flags': {'-l, --list, --list-all, --summary, --dump, --evaluate, --variables, --groups, --show, --status, --ls, --json, --man, --usage': 'low: '
                                                                                                                                                    'only '
                                                                                                                                                    'looks',
                    '-s': 'low: only looks',
                    '-n, --dry-run, --dry, --check': 'low: a dry run',
                    '-c, --command': 'words',
                    '-e, --edit': 'medium: opens an editor',
                    '--fmt': 'medium: changes files',
                    '--shell, --shell-arg, --shell-command, --chooser': 'value; high: says what '
                                                                        'runs',
                    '-f=/*, --justfile=': 'value; high: runs what a file elsewhere says',
                    '-t=/*, --taskfile=': 'value; high: runs what a file elsewhere says',
                    '-t=http*, --taskfile=': 'value; high: runs what a file elsewhere says',
                    '-f, --justfile': 'value',
                    '-t, --taskfile, -w, --compile, --search-root': 'value',
                    '-d, --working-directory, --dir': 'folder',
                    '-E, --dotenv-path, --dotenv-filename, --set, --color, --concurrency, -C, --output, -o, --interval, --timeout, -p': 'value',
                    '-g, --global': 'high: runs tasks of the user',
                    '--push': 'high: publishes',
                    '-y, --yes, -q, --quiet, --verbose, --force, --watch, -P, --parallel': 'flag'},
          'rules': [{'operand': ['*deploy*',
                                 '*publish*',
                                 '*release*',
                                 '*push*',
                                 '*upload*',
                                 'ship',
                                 'promote*',
                                 'login',
                                 'logout'],
                     'without': '-n',
                     'risk': 'high: a task that publishes'},
                    {'operand': ['*destroy*',
                                 '*nuke*',
                                 '*teardown*',
                                 '*wipe*',
                                 '*purge*',
                                 '*db-reset*',
                                 '*db:reset*',
                                 '*reset-db*',
                                 '*drop*'],
                     'without': '-n',
                     'risk': 'high: a task that destroys'},
                    {'operand': ['*migrate*', '*rollback*', 'install-system*', 'uninstall'],
                     'at': 0,
                     'without': '-n',
                     'risk': 'high: a task that changes a database or the system'},
                    {'operand': ['shell', 'exec'], 'at': 0, 'risk': 'high: runs a program'},
                    {'operand': ['global', 'cloud', 'services', 'cache'],
                     'at': 0,
                     'risk': 'high: changes the machine'},
                    {'operand': ['list', 'ls', 'search', 'info', 'version', 'validate', 'dump'],
                     'at': 0,
                     'risk': 'low: only looks'}]},
 'task': {'risk': 'medium: runs a task of the project',
          'bare': 'medium: runs the default task',
          'help': ['--help', '-h', '--version', '-V'],
          'flags': {'-l, --list, --list-all, --summary, --dump, --evaluate, --variables, --groups, --show, --status, --ls, --json, --man, --usage': 'low: '
                                                                                                                                                    'only '
                                                                                                                                                    'looks',
                    '-s': 'low: only looks',
                    '-n, --dry-run, --dry, --check': 'low: a dry run',
                    '-c, --command': 'words',
                    '-e, --edit': 'medium: opens an editor',
                    '--fmt': 'medium: changes files',
                    '--shell, --shell-arg, --shell-command, --chooser': 'value; high: says what '
                                                                        'runs',
                    '-f=/*, --justfile=': 'value; high: runs what a file elsewhere says',
                    '-t=/*, --taskfile=': 'value; high: runs what a file elsewhere says',
                    '-t=http*, --taskfile=': 'value; high: runs what a file elsewhere says',
                    '-f, --justfile': 'value',
                    '-t, --taskfile, -w, --compile, --search-root': 'value',
                    '-d, --working-directory, --dir': 'folder',
                    '-E, --dotenv-path, --dotenv-filename, --set, --color, --concurrency, -C, --output, -o, --interval, --timeout, -p': 'value',
                    '-g, --global': 'high: runs tasks of the user',
                    '--push': 'high: publishes',
                    '-y, --yes, -q, --quiet, --verbose, --force, --watch, -P, --parallel': 'flag'},
          'rules': [{'operand': ['*deploy*',
                                 '*publish*',
                                 '*release*',
                                 '*push*',
                                 '*upload*',
                                 'ship',
                                 'promote*',
                                 'login',
                                 'logout'],
                     'without': '-n',
                     'risk': 'high: a task that publishes'},
                    {'operand': ['*destroy*',
                                 '*nuke*',
                                 '*teardown*',
                                 '*wipe*',
                                 '*purge*',
                                 '*db-reset*',
                                 '*db:reset*',
                                 '*reset-db*',
                                 '*drop*'],
                     'without': '-n',
                     'risk': 'high: a task that destroys'},
                    {'operand': ['*migrate*', '*rollback*', 'install-system*', 'uninstall'],
                     'at': 0,
                     'without': '-n',
                     'risk': 'high: a task that changes a database or the system'},
                    {'operand': ['shell', 'exec'], 'at': 0, 'risk': 'high: runs a program'},
                    {'operand': ['global', 'cloud', 'services', 'cache'],
                     'at': 0,
                     'risk': 'high: changes the machine'},
                    {'operand': ['list', 'ls', 'search', 'info', 'version', 'validate', 'dump'],
                     'at': 0,
                     'risk': 'low: only looks'}]},
 'fab': {'risk': 'high: works on other machines',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version', '-V'],
         'flags': {'-l, --list, -T, --tasks, -AT': 'low: lists tasks',
                   '-n, --dry-run, --dry': 'low: a dry run'},
         'rules': [{'operand': ['version', 'help', 'docs'], 'at': 0, 'risk': 'low: only looks'}]},
 'protoc': {'risk': 'medium: writes generated files',
            'help': ['--help', '-h', '--version', '-V', '-version'],
            'flags': {'--plugin': 'value; high: says what runs',
                      '--plugin=protoc-gen-*=./node_modules/*': 'value',
                      '--plugin=./node_modules/*': 'value',
                      '--plugin=node_modules/*': 'value',
                      '-I, --proto_path, --go_opt, --go-grpc_opt, --python_opt, -i, -g, -c, --generator-name, -l, --lang, --src': 'value',
                      '--decode_raw': 'low: prints',
                      '--decode, --encode': 'value; low: prints',
                      '-o, --descriptor_set_out, --out, --python_out, --cpp_out, --java_out, --go_out, --go-grpc_out, --js_out, --ts_out, --grpc_python_out, --pyi_out, --csharp_out, --ruby_out, --php_out, --kotlin_out, --objc_out, --dart_out, --rust_out, --swift_out, --grpc_out, --grpc-web_out, --doc_out, --openapiv2_out, --validate_out, --output': 'write'},
            'rules': [{'operand': ['parse', 'highlight', 'query', 'tags', 'validate', 'list'],
                       'at': 0,
                       'risk': 'low: only looks'},
                      {'operand': ['publish', 'deploy'], 'at': 0, 'risk': 'high: publishes'}]},
 'buf': {'risk': 'high: an unknown subcommand',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version'],
         'flags': {'--debug, -v, --verbose': 'flag', '--log-format, --timeout': 'value'},
         'commands': {'lint|breaking|ls-files|config ls-lint-rules|config ls-breaking-rules|config ls-modules|stats|price|registry whoami|registry module info|beta price|beta stats': {'risk': 'low: '
                                                                                                                                                                                                'checks '
                                                                                                                                                                                                'files',
                                                                                                                                                                                        'flags': {'--against, --config, --error-format, --path, --against-config': 'value'}},
                      'format': {'risk': 'low: prints formatted text',
                                 'flags': {'-w, --write': 'medium: changes files',
                                           '-o, --output': 'write',
                                           '-d, --diff, --exit-code': 'flag'}},
                      'build|generate|export|convert|config init|config migrate|mod init|mod update|mod prune|dep update|dep prune|dep graph|mod open|mod clear-cache|config|lsp serve|beta lsp|studio-agent': {'risk': 'medium: '
                                                                                                                                                                                                                        'builds '
                                                                                                                                                                                                                        'the '
                                                                                                                                                                                                                        'project',
                                                                                                                                                                                                                'flags': {'-o, --output': 'write',
                                                                                                                                                                                                                          '--template, --path, --config': 'value'}},
                      'push|curl|registry login|registry logout|registry module create|registry module delete|registry repository|registry|plugin push|plugin update|policy push|beta registry|registry sdk': 'high: '
                                                                                                                                                                                                              'publishes '
                                                                                                                                                                                                              'or '
                                                                                                                                                                                                              'talks '
                                                                                                                                                                                                              'to '
                                                                                                                                                                                                              'a '
                                                                                                                                                                                                              'server'}},
 'direnv': {'risk': 'high: an unknown subcommand',
            'bare': 'low: shows its help',
            'help': ['--help', '-h', '--version', 'help', 'version'],
            'commands': {'status|hook|version|help|stdlib': 'low: only looks',
                         'deny|block|disallow|revoke|prune': 'medium: takes a permission back',
                         'allow|permit|grant|edit|reload|export|dump|apply_dump|watch|current': 'high: '
                                                                                                'runs '
                                                                                                'the '
                                                                                                'code '
                                                                                                'of '
                                                                                                '.envrc',
                         'exec': {'risk': 'medium: runs a program with the variables of .envrc',
                                  'operands': 'folder words',
                                  'options': 'first'}}},
 'asdf': {'risk': 'high: an unknown subcommand',
          'bare': 'low: shows its help',
          'help': ['--help', '-h', '--version', '-V'],
          'flags': {'-C, --cd': 'folder',
                    '-E, --env, -j, --jobs, -c, --config': 'value',
                    '-q, --quiet, -v, --verbose, -y, --yes': 'flag'},
          'commands': {'list|list all|list-all|current|where|which|latest|info|help|version|plugin list|plugin list all|plugin-list|ls|ls-remote|doctor|bin-paths|env|outdated|config|config get|config ls|settings|settings ls|settings get|tasks|tasks ls|tasks info|tasks deps|registry|search|alias ls|activate|completion|hook-env|plugins ls|plugins ls-remote|tool|cfg|fmt --check|status|versions|bin': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                         'only '
                                                                                                                                                                                                                                                                                                                                                                                                                         'looks'},
                       'local|set|shell|reshim|sync|lock|generate|init|watch|use|unuse|unset|link|pin|add': {'risk': 'medium: '
                                                                                                                     'changes '
                                                                                                                     'which '
                                                                                                                     'versions '
                                                                                                                     'the '
                                                                                                                     'project '
                                                                                                                     'has',
                                                                                                             'flags': {'-g, --global': 'high: '
                                                                                                                                       'changes '
                                                                                                                                       'the '
                                                                                                                                       'versions '
                                                                                                                                       'of '
                                                                                                                                       'the '
                                                                                                                                       'user',
                                                                                                                       '-u, --home': 'high: '
                                                                                                                                     'changes '
                                                                                                                                     'the '
                                                                                                                                     'versions '
                                                                                                                                     'of '
                                                                                                                                     'the '
                                                                                                                                     'user',
                                                                                                                       '-p, --parent, --path': 'value'}},
                       'run|r|tasks run': {'risk': 'medium: runs a task of the project',
                                           'options': 'first',
                                           'rules': [{'operand': ['*deploy*',
                                                                  '*publish*',
                                                                  '*release*',
                                                                  '*push*',
                                                                  '*upload*',
                                                                  '*destroy*'],
                                                      'at': 0,
                                                      'risk': 'high: a task that publishes'}]},
                       'exec|x': {'risk': 'medium: runs a program',
                                  'operands': 'words',
                                  'flags': {'-c, --command': 'shell',
                                            '-t, --tool, -j, --jobs': 'value'},
                                  'rules': [{'operand': '*@*',
                                             'at': 0,
                                             'risk': 'high: installs a tool and runs a program'}]},
                       'install|i|uninstall|rm|remove|upgrade|up|update|global|plugin add|plugin remove|plugin update|plugin-add|plugins install|plugins uninstall|plugins update|plugins link|trust|self-update|settings set|settings unset|settings add|config set|alias set|alias unset|implode|prune|cache clear|cache clean|en|tasks edit|tasks add|tool-stub|setup': 'high: '
                                                                                                                                                                                                                                                                                                                                                                           'changes '
                                                                                                                                                                                                                                                                                                                                                                           'the '
                                                                                                                                                                                                                                                                                                                                                                           "user's "
                                                                                                                                                                                                                                                                                                                                                                           'tools'}},
 'gitleaks': {'risk': 'low: looks for secrets',
              'bare': 'low: shows its help',
              'help': ['--help', '-h', '--version'],
              'flags': {'-r, --report-path, -o, --output': 'write',
                        '-c, --config, -s, --source, -b, --baseline-path, -f, --report-format, -l, --log-level, --log-opts, --redact, --max-target-megabytes, --enable-rule, --gitleaks-ignore-path, --since-commit, --branch, --results, --concurrency': 'value'},
              'rules': [{'operand': ['auth',
                                     'install',
                                     'quota',
                                     'hmsl',
                                     'honeytoken',
                                     'iac',
                                     'sca',
                                     'secret'],
                         'at': 0,
                         'risk': 'high: sends data out or touches credentials'}]},
 'semgrep': {'risk': 'low: checks code',
             'bare': 'low: shows its help',
             'help': ['--help', '-h', '--version', '-V'],
             'flags': {'-a, --autofix, --fix, -U, --update-all, -i, -in-place': 'medium: changes '
                                                                                'files',
                       '--replacement_': 'value',
                       '-o, --output, --json-output, --sarif-output, --text-output, --gitlab-sast-output, --output-file-path, --report-path, --out': 'write',
                       '-e, --pattern, -l, --lang, -f, --config, --exclude, --include, --severity, --max-target-bytes, --timeout, -j, --jobs, --baseline-commit, -p, -r, --rule, --framework, --check, --skip-check, -d, --directory, --format, --globs, --external-checks-dir': 'value',
                       '--external-checks-git': 'value; high: runs code from an address',
                       '-c, --config': 'value'},
             'rules': [{'operand': ['ci',
                                    'login',
                                    'logout',
                                    'publish',
                                    'upload',
                                    'install-semgrep-pro',
                                    'mcp',
                                    'github',
                                    'pack',
                                    'resolve'],
                        'at': 0,
                        'risk': 'high: sends data out or touches credentials'},
                       {'operand': ['database', 'generate', 'execute', 'bqrs', 'new'],
                        'at': 0,
                        'risk': 'medium: builds the project'},
                       {'operand': ['install', 'download', 'upload-results', 'publish'],
                        'at': 1,
                        'risk': 'high: publishes or loads code'}]},
 'sonar-scanner': {'risk': 'high: sends data of the project to a service',
                   'help': ['--help', '-h', '--version', '-v'],
                   'flags': {'--dry-run, --dry_run': 'low: a dry run'}},
 'snyk': {'risk': 'high: sends data of the project to a service',
          'bare': 'low: shows its help',
          'help': ['--help', '-h', '--version', '-V'],
          'flags': {'--org, -o, --project, -p, --auth-token, --url, --severity-threshold, --file, --log-level, --token, -t, --server': 'value',
                    '--dry-run': 'low: a dry run'},
          'rules': [{'operand': ['info',
                                 'version',
                                 'help',
                                 'validate',
                                 'show',
                                 'list',
                                 'ls',
                                 'status',
                                 'whoami',
                                 'process'],
                     'at': 0,
                     'risk': 'low: only looks'},
                    {'operand': ['test', 'code', 'container', 'iac', 'deps'],
                     'at': 0,
                     'risk': 'low: asks a service for known holes'},
                    {'operand': ['test', 'code', 'container', 'iac', 'deps'],
                     'at': 0,
                     'risk': 'medium: asks a service for known holes'},
                    {'operand': 'monitor',
                     'at': 1,
                     'risk': 'high: sends data of the project to a service'},
                    {'operand': ['list', 'ls', 'validate', 'info'],
                     'at': 1,
                     'risk': 'low: only looks'}]},
 'tig': {'risk': 'low: shows history',
         'help': ['--help', '-h', '--version', '-v'],
         'operands': 'read...',
         'flags': {'-C, -p, --path, -w, -g, -f': 'value',
                   '-o, --output-custom-log, --output-ppm-stream': 'write'},
         'rules': [{'operand': ['status', 'stash', 'grep', 'refs', 'blame', 'log', 'show'],
                    'at': 0,
                    'risk': 'low: only looks'}]},
 'lazygit': {'risk': 'medium: changes the local repository',
             'help': ['--help', '-h', '--version', '-v'],
             'rules': [{'operand': ['submit', 'traverse', 'github', 'gitlab'],
                        'at': 0,
                        'risk': 'high: sends commits to a remote'}]},
 'git-lfs': {'risk': 'high: an unknown subcommand',
             'bare': 'low: shows its help',
             'help': ['--help', '-h', '--version', 'version'],
             'commands': {'ls-files|status|env|version|logs|logs last|ext|pointer|locks|fsck|migrate info|help': 'low: '
                                                                                                                 'shows '
                                                                                                                 'large '
                                                                                                                 'files',
                          'track': {'risk': 'medium: changes .gitattributes', 'bare': 'low: lists'},
                          'untrack|fetch|pull|checkout|dedup|update|clone|smudge|clean|filter-process': 'medium: '
                                                                                                        'changes '
                                                                                                        'large '
                                                                                                        'files '
                                                                                                        'here',
                          'install|uninstall|push|lock|unlock|prune|migrate import|migrate export|post-commit|pre-push|post-checkout|post-merge': {'risk': 'high: '
                                                                                                                                                           'changes '
                                                                                                                                                           'a '
                                                                                                                                                           'remote '
                                                                                                                                                           'or '
                                                                                                                                                           'the '
                                                                                                                                                           "user's "
                                                                                                                                                           'settings',
                                                                                                                                                   'flags': {'-n, --dry-run': 'low: '
                                                                                                                                                                              'a '
                                                                                                                                                                              'dry '
                                                                                                                                                                              'run'}}}},
 'hg': {'risk': 'high: an unknown subcommand may be an alias for anything',
        'bare': 'low: shows its help',
        'help': ['--help', '-h', '--version'],
        'flags': {'-R, --repository, --cwd': 'folder',
                  '--config': 'config; high: a setting may run a program',
                  '--config=ui.username*': 'config',
                  '--config=ui.color*': 'config',
                  '--color, --pager, --encoding, --encodingmode': 'value',
                  '-y, --noninteractive, -q, --quiet, -v, --verbose, --debug, --debugger, --traceback, --time, --profile, --hidden': 'flag'},
        'variables': {'HGEDITOR': 'shell',
                      'HGMERGE': 'shell',
                      'EDITOR': 'shell',
                      'VISUAL': 'shell',
                      'HGRCPATH': 'shell'},
        'commands': {'status|st|log|history|diff|show|annotate|blame|cat|files|locate|manifest|heads|parents|identify|id|summary|sum|tip|tags|branches|incoming|in|outgoing|out|paths|verify|grep|help|version|root|bookmarks --list|config|showconfig|smartlog|sl|ssl|whereami|url|wip|glog|phase|annotate|resolve --list|shelve --list|doctor|journal|isl': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                                       'only '
                                                                                                                                                                                                                                                                                                                                                                       'looks',
                                                                                                                                                                                                                                                                                                                                                               'flags': {'-o, --output': 'write',
                                                                                                                                                                                                                                                                                                                                                                         '-l, --limit, -r, --rev, -d, --date, -u, --user, -b, --branch, -T, --template, -k, --keyword, -I, --include, -X, --exclude, -U, --unified, -c, --change, --style': 'value',
                                                                                                                                                                                                                                                                                                                                                                         '-e, --edit': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                       'opens '
                                                                                                                                                                                                                                                                                                                                                                                       'the '
                                                                                                                                                                                                                                                                                                                                                                                       'settings',
                                                                                                                                                                                                                                                                                                                                                                         '-g': 'flag',
                                                                                                                                                                                                                                                                                                                                                                         '-p, --program': 'flag',
                                                                                                                                                                                                                                                                                                                                                                         '-s, --secret, -f, --force': 'medium: '
                                                                                                                                                                                                                                                                                                                                                                                                      'changes '
                                                                                                                                                                                                                                                                                                                                                                                                      'phases',
                                                                                                                                                                                                                                                                                                                                                                         '--ssh, --remotecmd': 'shell; '
                                                                                                                                                                                                                                                                                                                                                                                               'high: '
                                                                                                                                                                                                                                                                                                                                                                                               'says '
                                                                                                                                                                                                                                                                                                                                                                                               'what '
                                                                                                                                                                                                                                                                                                                                                                                               'runs'}},
                     'commit|ci|add|addremove|copy|cp|mv|rename|move|graft|merge|rebase|histedit|import|patch|init|pull|bookmark|bookmarks|bookm|branch|tag|resolve|backout|bundle|unbundle|export|archive|forget|shelve|unshelve|amend|absorb|fold|split|uncommit|metaedit|evolve|next|prev|previous|goto|go|hide|unhide|undo|redo|unamend|record|recover|cherrypick|continue|fix': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                                                                                                              'changes '
                                                                                                                                                                                                                                                                                                                                                                                              'the '
                                                                                                                                                                                                                                                                                                                                                                                              'local '
                                                                                                                                                                                                                                                                                                                                                                                              'repository',
                                                                                                                                                                                                                                                                                                                                                                                      'flags': {'-m, --message, -u, --user, -d, --date, -r, --rev, -b, --branch, -s, --source, --dest, -B, --bookmark, -t, --tool, -I, -X, -l, --logfile, --base': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                '-o, --output': 'write',
                                                                                                                                                                                                                                                                                                                                                                                                '-n, --dry-run': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                 'a '
                                                                                                                                                                                                                                                                                                                                                                                                                 'dry '
                                                                                                                                                                                                                                                                                                                                                                                                                 'run',
                                                                                                                                                                                                                                                                                                                                                                                                '--ssh, --remotecmd': 'shell; '
                                                                                                                                                                                                                                                                                                                                                                                                                      'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                      'says '
                                                                                                                                                                                                                                                                                                                                                                                                                      'what '
                                                                                                                                                                                                                                                                                                                                                                                                                      'runs'}},
                     'clone': {'risk': 'medium: copies a repository',
                               'operands': 'fetch write',
                               'rules': [{'operand': '[a-z]*://-*',
                                          'risk': 'high: an address that is a command'}],
                               'flags': {'--ssh, -e, --remotecmd': 'shell; high: says what runs',
                                         '-r, --rev, -b, --branch, -u, --updaterev': 'value'}},
                     'update|up|checkout|co': {'risk': 'medium: changes the revision',
                                               'flags': {'-C, --clean': 'high: discards changes',
                                                         '-r, --rev, -d, --date, -t, --tool': 'value'}},
                     'remove|rm': {'risk': 'medium: removes files',
                                   'operands': 'delete...',
                                   'flags': {'-f, --force': 'high: removes files with their '
                                                            'changes'}},
                     'revert': {'risk': 'high: discards changes',
                                'flags': {'-n, --dry-run': 'low: a dry run'}},
                     'push': {'risk': 'high: sends commits to a remote',
                              'flags': {'--ssh, -e, --remotecmd': 'shell; high: says what runs'}},
                     'purge|clean|strip|rollback|prune|serve|email|extdiff|debugstrip|convert|lfconvert|censor|admin|bisect|debugshell|land|submit|pr|cloud|subscribe|fold --exact|obsolete': {'risk': 'high: '
                                                                                                                                                                                                       'discards '
                                                                                                                                                                                                       'work, '
                                                                                                                                                                                                       'runs '
                                                                                                                                                                                                       'a '
                                                                                                                                                                                                       'program '
                                                                                                                                                                                                       'or '
                                                                                                                                                                                                       'talks '
                                                                                                                                                                                                       'to '
                                                                                                                                                                                                       'a '
                                                                                                                                                                                                       'server',
                                                                                                                                                                                               'flags': {'-p, --print': 'flag',
                                                                                                                                                                                                         '-c, --command': 'shell'}}}},
 'svn': {'risk': 'high: an unknown subcommand',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version', '-?'],
         'flags': {'--config-option': 'value; high: a setting may run a program',
                   '--diff-cmd, --diff3-cmd, --editor-cmd': 'shell; high: says what runs',
                   '--config-dir': 'read; high: takes its settings from another folder',
                   '--username, --password, -r, --revision, -c, --change, -m, --message, --depth, --set-depth, --targets, -l, --limit, --search, -x, --extensions, --changelist, --cl, --accept, --old, --new, --encoding, --native-eol, --strip, --with-revprop, --show-item, --trust-server-cert-failures': 'value',
                   '-F, --file': 'read',
                   '-q, --quiet, -v, --verbose, -g, -u, --show-updates, --non-interactive, --no-auth-cache, --xml, --trust-server-cert, --stop-on-copy, --summarize, --no-ignore, -R, --recursive, -N, --force, --parents, --ignore-externals, --git, --internal-diff': 'flag'},
         'variables': {'SVN_EDITOR': 'shell', 'SVN_MERGE': 'shell', 'SVN_SSH': 'shell'},
         'commands': {'status|stat|st|log|info|diff|di|list|ls|cat|blame|praise|annotate|ann|propget|pget|pg|proplist|plist|pl|mergeinfo|help|youngest': {'risk': 'low: '
                                                                                                                                                                  'only '
                                                                                                                                                                  'looks'},
                      'add|update|up|checkout|co|switch|sw|merge|resolve|resolved|cleanup|changelist|cl|export|patch|relocate|upgrade|x-shelve|x-unshelve|x-shelf-list': {'risk': 'medium: '
                                                                                                                                                                                  'changes '
                                                                                                                                                                                  'the '
                                                                                                                                                                                  'working '
                                                                                                                                                                                  'copy',
                                                                                                                                                                          'rules': [{'operand': 'svn[+]*://*',
                                                                                                                                                                                     'risk': 'high: '
                                                                                                                                                                                             'an '
                                                                                                                                                                                             'address '
                                                                                                                                                                                             'that '
                                                                                                                                                                                             'may '
                                                                                                                                                                                             'be '
                                                                                                                                                                                             'a '
                                                                                                                                                                                             'command'}],
                                                                                                                                                                          'flags': {'--remove-unversioned, --remove-ignored, --vacuum-pristines': 'high: '
                                                                                                                                                                                                                                                  'deletes '
                                                                                                                                                                                                                                                  'files'}},
                      'copy|cp|move|mv|rename|ren|mkdir|delete|del|remove|rm|propset|pset|ps|propdel|pdel|pd|propedit|pedit|pe': {'risk': 'medium: '
                                                                                                                                          'changes '
                                                                                                                                          'the '
                                                                                                                                          'working '
                                                                                                                                          'copy',
                                                                                                                                  'rules': [{'operand': '*://*',
                                                                                                                                             'risk': 'high: '
                                                                                                                                                     'changes '
                                                                                                                                                     'the '
                                                                                                                                                     'server'},
                                                                                                                                            {'operand': ['svn:externals'],
                                                                                                                                             'at': 0,
                                                                                                                                             'risk': 'high: '
                                                                                                                                                     'takes '
                                                                                                                                                     'code '
                                                                                                                                                     'from '
                                                                                                                                                     'an '
                                                                                                                                                     'address'}],
                                                                                                                                  'flags': {'--revprop': 'high: '
                                                                                                                                                         'changes '
                                                                                                                                                         'the '
                                                                                                                                                         'server'}},
                      'commit|ci|import|lock|unlock|revert|auth': 'high: commits to the server, or '
                                                                  'discards changes'}},
 'svnadmin': {'risk': 'high: changes a server or a repository',
              'bare': 'low: shows its help',
              'help': ['--help', '-h', '--version', '-V', 'version'],
              'flags': {'-R, --repository, -d, -p, -u, -c, -m, -r, -C': 'value',
                        '-n, --dry-run': 'low: a dry run'},
              'rules': [{'operand': ['status',
                                     'st',
                                     'stat',
                                     'log',
                                     'changes',
                                     'diff',
                                     'info',
                                     'describe',
                                     'files',
                                     'fstat',
                                     'opened',
                                     'where',
                                     'have',
                                     'annotate',
                                     'blame',
                                     'cat',
                                     'ls',
                                     'list',
                                     'help',
                                     'version',
                                     'history',
                                     'whatsnew',
                                     'show',
                                     'timeline',
                                     'print',
                                     'filelog',
                                     'clients',
                                     'verify',
                                     'root',
                                     'whoami',
                                     'tags',
                                     'branches',
                                     'credit',
                                     'lsdiff'],
                         'at': 0,
                         'risk': 'low: only looks'},
                        {'operand': ['sync',
                                     'update',
                                     'up',
                                     'checkout',
                                     'co',
                                     'clone',
                                     'get',
                                     'add',
                                     'edit',
                                     'open',
                                     'rename',
                                     'mv',
                                     'init',
                                     'pull',
                                     'start',
                                     'merge',
                                     'record',
                                     'apply',
                                     'branch',
                                     'unshelve',
                                     'integrate',
                                     'resolve'],
                         'at': 0,
                         'risk': 'low: changes the working copy'},
                        {'operand': ['sync',
                                     'update',
                                     'up',
                                     'checkout',
                                     'co',
                                     'clone',
                                     'get',
                                     'add',
                                     'edit',
                                     'open',
                                     'rename',
                                     'mv',
                                     'init',
                                     'pull',
                                     'start',
                                     'merge',
                                     'record',
                                     'apply',
                                     'branch',
                                     'unshelve',
                                     'integrate',
                                     'resolve'],
                         'at': 0,
                         'risk': 'medium: changes the working copy'}]},
 'jj': {'risk': 'high: an unknown subcommand may be an alias for anything',
        'bare': 'low: shows history',
        'help': ['--help', '-h', '--version', '-V'],
        'flags': {'-R, --repository': 'folder',
                  '--config, --config-toml': 'value; high: a setting may run a program',
                  '--config=user.*': 'value',
                  '--config=ui.color*': 'value',
                  '--config=ui.paginate*': 'value',
                  '--config-file': 'read; high: takes its settings from another file',
                  '--at-operation, --at-op, --color': 'value',
                  '--ignore-working-copy, --ignore-immutable, --no-pager, --quiet, --debug': 'flag'},
        'variables': {'JJ_EDITOR': 'shell',
                      'EDITOR': 'shell',
                      'VISUAL': 'shell',
                      'PAGER': 'shell',
                      'JJ_CONFIG': 'shell'},
        'commands': {'status|st|log|show|diff|evolog|obslog|interdiff|file list|file show|file annotate|file search|bookmark list|b list|b l|branch list|tag list|op log|operation log|op show|operation show|op diff|operation diff|config list|config get|config path|config p|workspace list|workspace root|root|help|version|git remote list|git root|sparse list|resolve --list|util completion|util config-schema|util markdown-help': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                      'only '
                                                                                                                                                                                                                                                                                                                                                                                                                                                      'looks',
                                                                                                                                                                                                                                                                                                                                                                                                                                              'flags': {'-r, --revisions, --revision, -T, --template, -n, --limit, -f, --from, -t, --to, -p': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                                        '--tool': 'value; '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'says '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'what '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'runs',
                                                                                                                                                                                                                                                                                                                                                                                                                                                        '-l': 'flag'}},
                     'commit|ci|new|describe|desc|edit|squash|split|rebase|duplicate|merge|next|prev|bookmark create|bookmark set|bookmark move|bookmark rename|bookmark track|bookmark untrack|bookmark forget|b c|b s|b m|b create|b set|b move|branch create|branch set|branch track|git fetch|git clone|git init|git import|git export|git remote add|git remote rename|git remote remove|git remote set-url|git colocation|init|workspace add|workspace update-stale|workspace rename|workspace forget|sparse set|sparse reset|resolve|file track|file untrack|file chmod|absorb|parallelize|simplify-parents|revert|backout|sign|unsign|metaedit|arrange|util gc|util snapshot|fix|undo|redo|op undo|tag set|unsquash|move|diffedit': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'local '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'repository',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'flags': {'-m, --message, -r, --revision, --revisions, -d, --destination, -s, --source, -b, --branch, --remote, -f, --from, -t, --to, --into, -A, --insert-after, -B, --insert-before, --author': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       '--tool': 'value; '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'says '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'what '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'runs'}},
                     'restore|abandon|op restore|operation restore|op abandon|operation abandon|bookmark delete|b d|b delete|branch delete|tag delete|op revert': 'high: '
                                                                                                                                                                  'discards '
                                                                                                                                                                  'work',
                     'git push|gerrit upload': {'risk': 'high: sends commits to a remote',
                                                'flags': {'--dry-run': 'low: a dry run',
                                                          '-b, --bookmark, -r, --revisions, -c, --change, --remote, --named': 'value'}},
                     'config set|config unset|config edit': {'risk': 'high: changes settings, '
                                                                     'which may run a program'},
                     'util exec': {'risk': 'medium: runs a program', 'operands': 'words'}}},
 'bats': {'risk': 'medium: runs tests',
          'bare': 'low: shows its help',
          'help': ['--help', '-h', '--version'],
          'flags': {'-o, --output, --report-formatter': 'value',
                    '-f, --filter, -F, --formatter, -j, --jobs, -T, --timing': 'value'},
          'rules': [{'operand': ['publish', 'upload', 'push', 'run-cloud', 'deploy'],
                     'at': 0,
                     'risk': 'high: sends results out'}]},
 'claude': {'risk': 'high: an agent that runs what it likes',
            'help': ['--help', '-h', '--version', '-V']},
 'codex': {'risk': 'high: an agent that runs what it likes',
           'help': ['--help', '-h', '--version', '-V', 'help'],
           'flags': {'-c, --config, -m, --model, -p, --profile, -s, --sandbox, -a, --ask-for-approval, -C, --cd, -i, --image, --enable, --disable, --remote, --local-provider': 'value',
                     '--oss, --full-auto, --dangerously-bypass-approvals-and-sandbox, --search, --add-dir': 'flag'},
           'commands': {'sandbox|sandbox linux|sandbox landlock|sandbox macos|sandbox seatbelt|sandbox windows|debug landlock|debug seatbelt': {'risk': 'low: '
                                                                                                                                                        'runs '
                                                                                                                                                        'another '
                                                                                                                                                        'program, '
                                                                                                                                                        'confined',
                                                                                                                                                'options': 'first',
                                                                                                                                                'flags': {'--full-auto, --log-denials': 'flag'},
                                                                                                                                                'operands': 'words'},
                        'login status|features list|mcp list|mcp get': 'low',
                        '*': 'high: an agent that runs what it likes'}},
 'ollama': {'risk': 'medium: runs a model here',
            'bare': 'low: shows its help',
            'help': ['--help', '-h', '--version'],
            'rules': [{'operand': ['list', 'ls', 'ps', 'show', 'status', 'version', 'help'],
                       'at': 0,
                       'risk': 'low: only looks'},
                      {'operand': ['serve',
                                   'push',
                                   'server',
                                   'signin',
                                   'signout',
                                   'rm',
                                   'stop',
                                   'launch'],
                       'at': 0,
                       'risk': 'high: opens a port, publishes or deletes a model'}],
            'flags': {'--host': 'value; high: opens a port',
                      '--host=127.0.0.1': 'value',
                      '--host=localhost': 'value',
                      '-m, --model, -p, --port, -f': 'value'}}}
