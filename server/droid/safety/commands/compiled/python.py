"""Written from `programs/python.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'python': {'risk': 'medium: runs code',
            'help': ['--help',
                     '-h',
                     '--version',
                     '-V',
                     '-VV',
                     '-?',
                     '--help-env',
                     '--help-xoptions',
                     '--help-all'],
            'operands': 'script value...',
            'stdin': 'code:python',
            'flags': {'-c': 'code:python; instead; end',
                      '-m': 'module; instead; low: runs a module that says itself what it does',
                      '-W, -X, --check-hash-based-pycs': 'value',
                      '-I, -E, -s, -S, -B, -u, -O, -OO, -q, -v, -x, -b, -bb, -d, -i, -P, -2, -3': 'flag'},
            'rules': [{'operand': ['migrate',
                                   'flush',
                                   'sqlflush',
                                   'reset_db',
                                   'loaddata',
                                   'dbshell',
                                   'createsuperuser',
                                   'changepassword',
                                   'deploy',
                                   'publish',
                                   'upload',
                                   'register',
                                   'release',
                                   'clearsessions',
                                   'remove_stale_contenttypes',
                                   'squashmigrations',
                                   'drop_test_database',
                                   'delete_squashed_migrations'],
                       'at': 1,
                       'risk': 'high: a command that deploys, publishes or changes a database'},
                      {'operand': ['manage.py', './manage.py', '*/manage.py'],
                       'at': 0,
                       'risk': 'medium: runs a command of the project'},
                      {'operand': '0.0.0.0:*', 'at': 2, 'risk': 'high: opens a port'},
                      {'operand': ['/tmp/*', '/var/tmp/*', '/dev/shm/*'],
                       'at': 0,
                       'risk': 'high: runs code from outside the workspace'},
                      {'operand': 'http*://*',
                       'at': 0,
                       'risk': 'high: runs code from an address'}]},
 'json.tool': {'risk': 'low: prints JSON', 'operands': 'read write', 'help': ['--help', '-h']},
 'dis': {'risk': 'low: a module of Python that only looks',
         'operands': 'read...',
         'flags': {'--generate-posix-vars': 'medium: writes files', '-o, --output': 'write'},
         'help': ['--help', '-h']},
 'http.server': {'risk': 'high: opens a port', 'help': ['--help', '-h']},
 'timeit': {'risk': 'medium: runs code',
            'operands': 'code:python...',
            'flags': {'-s, --setup': 'code:python',
                      '-n, --number, -r, --repeat, -u, --unit, -p': 'value'},
            'help': ['--help', '-h']},
 'pdb': {'risk': "medium: runs the project's code",
         'operands': 'script value...',
         'flags': {'-m': 'module; instead',
                   '-c': 'value',
                   '-o, --outfile, -s, --sort, --listen, -C, --coverdir, -f, --file': 'value',
                   '--listen=0.0.0.0*': 'value; high: opens a port'},
         'help': ['--help', '-h']},
 'compileall': {'risk': 'medium: a module of Python',
                'help': ['--help', '-h'],
                'flags': {'-e, --extract': 'medium: unpacks files'}},
 'venv': {'risk': 'medium: makes an environment',
          'help': ['--help', '-h', '--version'],
          'operands': 'write...',
          'flags': {'-p, --python, --prompt, --extra-search-dir, --pip, --setuptools, --wheel, --app-data, --creator, --seeder, --activators': 'value',
                    '-p=/tmp/*, --python=': 'value; high: says what runs',
                    '-p=./*, --python=': 'value; high: says what runs',
                    '-p=../*, --python=': 'value; high: says what runs',
                    '--clear, --upgrade, --system-site-packages, --symlinks, --copies, --without-pip, --upgrade-deps': 'flag'}},
 'build': {'risk': 'medium: builds the project',
           'help': ['--help', '-h', '--version'],
           'flags': {'-o, --outdir, --output-file, --distpath, --workpath, -d, --dest-dir': 'write',
                     '--dry-run': 'low: a dry run'},
           'rules': [{'operand': ['publish', 'upload', 'release', 'push'],
                      'at': 0,
                      'risk': 'high: publishes'},
                     {'operand': ['http*://*', 'gh:*', 'git@*'],
                      'risk': 'high: runs code from an address'}]},
 'twine': {'risk': 'high: publishes',
           'help': ['--help', '-h', '--version'],
           'bare': 'low: shows its help',
           'flags': {'--no-color': 'flag'},
           'commands': {'check': {'risk': 'low: checks packages', 'operands': 'read...'},
                        'upload|register': {'risk': 'high: publishes',
                                            'operands': 'send...',
                                            'flags': {'-r, --repository, --repository-url, -u, --username, -p, --password, -c, --comment, -i, --identity, --sign-with, --cert, --client-cert': 'value',
                                                      '--config-file': 'read'}}}},
 'pip': {'risk': 'high: an unknown subcommand',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version', '-V'],
         'flags': {'--log, --log-file': 'write',
                   '--python=/tmp/*': 'value; high: says what runs',
                   '--python=./*': 'value; high: says what runs',
                   '--python, --proxy, --retries, --timeout, --exists-action, --client-cert, --cache-dir, --use-feature, --use-deprecated, --keyring-provider, --resume-retries, --cert': 'value',
                   '--trusted-host': 'value; high: turns a protection off',
                   '-q, --quiet, -v, --verbose, -vv, -vvv, --isolated, --require-virtualenv, --no-input, --no-cache-dir, --disable-pip-version-check, --no-color, --no-python-version-warning, --debug': 'flag',
                   '--index-url, -i, --pypi-url, --extra-index-url, -f, --find-links': 'value; '
                                                                                       'high: '
                                                                                       'takes '
                                                                                       'packages '
                                                                                       'from '
                                                                                       'another '
                                                                                       'place',
                   '--index-url=https://pypi.org/*, -i=, --extra-index-url=': 'value',
                   '--index-url=https://test.pypi.org/*, -i=, --extra-index-url=': 'value',
                   '--index-url=https://download.pytorch.org/*, -i=, --extra-index-url=, -f=, --find-links=': 'value',
                   '--index-url=https://pypi.nvidia.com*, -i=, --extra-index-url=': 'value',
                   '-f=[!h]*, --find-links=': 'value'},
         'commands': {'list|show|freeze|check|debug|help|inspect|hash|completion|search|index|index versions|cache|cache dir|cache info|cache list|config list|config get|config debug': {'risk': 'low: '
                                                                                                                                                                                                  'only '
                                                                                                                                                                                                  'looks',
                                                                                                                                                                                          'flags': {'--format, --path, -r, --requirement, --exclude, --python-version, --platform, --abi, --implementation, -a, --algorithm': 'value',
                                                                                                                                                                                                    '-o, -u, -l, -e, -f': 'flag',
                                                                                                                                                                                                    '--find-links': 'value'}},
                      'config': 'high: an unknown subcommand',
                      'config set|config unset|config edit': "high: changes the user's settings",
                      'cache purge|cache remove': 'medium: empties the cache',
                      'uninstall': {'risk': 'medium: removes packages',
                                    'flags': {'-r, --requirement': 'read',
                                              '--break-system-packages': 'high: changes the '
                                                                         "system's packages",
                                              '-y, --yes': 'flag'}},
                      'lock': {'risk': 'medium: writes a lock file',
                               'flags': {'-o, --output': 'write',
                                         '-r, --requirement, -c, --constraint': 'read'}},
                      'install|download|wheel': {'risk': 'medium: installs packages',
                                                 'rules': [{'operand': ['http*://*',
                                                                        '*[+]http*://*',
                                                                        '*[+]ssh://*',
                                                                        '*[+]git*://*',
                                                                        '*[+]file://*',
                                                                        '*@ *://*',
                                                                        '*@*://*'],
                                                            'risk': 'high: runs code from an '
                                                                    'address'}],
                                                 'flags': {'--dry-run': 'low: a dry run',
                                                           '-r, --requirement, -c, --constraint, --build-constraint': 'read',
                                                           '-r=http*://*, --requirement=': 'value; '
                                                                                           'high: '
                                                                                           'installs '
                                                                                           'a list '
                                                                                           'from '
                                                                                           'an '
                                                                                           'address',
                                                           '-e, --editable': 'read',
                                                           '-e=*[+]*://*, --editable=': 'value; '
                                                                                        'high: '
                                                                                        'runs code '
                                                                                        'from an '
                                                                                        'address',
                                                           '-t, --target, --prefix, --root, -d, --dest, --download, -w, --wheel-dir, --src, --report': 'write',
                                                           '--user': 'high: installs for the user',
                                                           '--break-system-packages': 'high: '
                                                                                      'changes the '
                                                                                      "system's "
                                                                                      'packages',
                                                           '--group, --platform, --python-version, --implementation, --abi, --upgrade-strategy, --progress-bar, --root-user-action, -C, --config-settings, --config-setting, --global-option, --install-option, --no-binary, --only-binary, --hash': 'value',
                                                           '-U, --upgrade, --force-reinstall, -I, --no-deps, --pre, --compile, --no-build-isolation, --no-index, --require-hashes': 'flag'}}}},
 'pipx': {'risk': 'high: an unknown subcommand',
          'bare': 'low: shows its help',
          'help': ['--help', '-h', '--version'],
          'flags': {'-q, --quiet, -v, --verbose, --global': 'flag'},
          'commands': {'list|environment|help|completions|interpreter list|runpip list|pin': 'low: '
                                                                                             'only '
                                                                                             'looks',
                       'install|install-all|inject|uninject|upgrade|upgrade-all|upgrade-shared|uninstall|uninstall-all|reinstall|reinstall-all|ensurepath|unpin|runpip|interpreter prune|interpreter upgrade': 'high: '
                                                                                                                                                                                                               'installs '
                                                                                                                                                                                                               'for '
                                                                                                                                                                                                               'the '
                                                                                                                                                                                                               'user',
                       'run': {'risk': 'high: runs a package that may be downloaded',
                               'operands': 'words',
                               'flags': {'--spec, --pip-args, --index-url, -i': 'value; high: runs '
                                                                                'a package that '
                                                                                'may be downloaded',
                                         '--python': 'value',
                                         '--no-cache, --pypackages, --system-site-packages': 'flag'},
                               'rules': [{'operand': '*',
                                          'at': 0,
                                          'risk': 'medium: runs a tool of a package'},
                                         {'operand': ['ruff',
                                                      'black',
                                                      'isort',
                                                      'mypy',
                                                      'flake8',
                                                      'pylint',
                                                      'pyright',
                                                      'bandit',
                                                      'pytest',
                                                      'tox',
                                                      'nox',
                                                      'poetry',
                                                      'pdm',
                                                      'hatch',
                                                      'pre-commit',
                                                      'twine',
                                                      'build',
                                                      'mkdocs',
                                                      'coverage',
                                                      'pip-audit',
                                                      'vulture',
                                                      'codespell',
                                                      'yamllint',
                                                      'sqlfluff',
                                                      'pyupgrade',
                                                      'autopep8',
                                                      'yapf',
                                                      'pydocstyle',
                                                      'pip-compile',
                                                      'cookiecutter',
                                                      'copier',
                                                      'httpie',
                                                      'http',
                                                      'ipython',
                                                      'jupyter',
                                                      'semgrep',
                                                      'djlint',
                                                      'check-jsonschema',
                                                      'pyproject-build',
                                                      'cibuildwheel',
                                                      'interrogate',
                                                      'deptry',
                                                      'safety',
                                                      'sphinx-build',
                                                      'ansible-lint'],
                                          'at': 0,
                                          'risk': 'low: a tool that is known'}]}}},
 'uv': {'risk': 'high: an unknown subcommand',
        'bare': 'low: shows its help',
        'help': ['--help', '-h', '--version', '-V'],
        'flags': {'--directory, --project': 'folder',
                  '--cache-dir, --color, --config-file, --python-preference, --python-fetch, --allow-insecure-host, --constraints, -p, --python': 'value',
                  '-p=/tmp/*, --python=': 'value; high: says what runs',
                  '-p=./*, --python=': 'value; high: says what runs',
                  '-p=../*, --python=': 'value; high: says what runs',
                  '-q, --quiet, -v, --verbose, --offline, --no-progress, --no-config, --no-cache, -n, --native-tls, --no-python-downloads, --managed-python, --no-managed-python, --preview, --isolated': 'flag',
                  '--index-url, -i, --default-index, --index, --extra-index-url, -f, --find-links': 'value; '
                                                                                                    'high: '
                                                                                                    'takes '
                                                                                                    'packages '
                                                                                                    'from '
                                                                                                    'another '
                                                                                                    'place',
                  '--index-url=https://pypi.org/*, -i=, --default-index=, --index=, --extra-index-url=': 'value',
                  '--index-url=https://download.pytorch.org/*, -i=, --default-index=, --index=, --extra-index-url=, -f=, --find-links=': 'value'},
        'commands': {'tree|version|help|pip list|pip freeze|pip show|pip check|pip tree|pip debug|python list|python find|python dir|cache dir|cache size|tool list|tool dir|self version|generate-shell-completion|workspace list|workspace dir|workspace metadata|audit': {'risk': 'low: '
                                                                                                                                                                                                                                                                                     'only '
                                                                                                                                                                                                                                                                                     'looks',
                                                                                                                                                                                                                                                                             'flags': {'--depth, --prune, --package, --format, --output-format, --exclude, --path': 'value',
                                                                                                                                                                                                                                                                                       '--bump': 'value; '
                                                                                                                                                                                                                                                                                                 'medium: '
                                                                                                                                                                                                                                                                                                 'changes '
                                                                                                                                                                                                                                                                                                 'the '
                                                                                                                                                                                                                                                                                                 'version'}},
                     'lock': {'risk': 'medium: writes the lock file',
                              'flags': {'--check, --locked, --dry-run, --check-exists': 'low: only '
                                                                                        'checks',
                                        '-P, --upgrade-package': 'value'}},
                     'export|pip compile': {'risk': 'low: prints requirements',
                                            'operands': 'read...',
                                            'flags': {'-o, --output-file': 'write',
                                                      '--format, --extra, --group, --no-group, --only-group, --package, --prune, --python-version, --python-platform, --annotation-style': 'value'}},
                     'sync|add|remove|init|venv|build|format|pip sync|pip uninstall|python pin|cache clean|cache prune|cache clear': {'risk': 'medium: '
                                                                                                                                              'changes '
                                                                                                                                              'the '
                                                                                                                                              'project',
                                                                                                                                      'flags': {'--dry-run, --check': 'low: '
                                                                                                                                                                      'a '
                                                                                                                                                                      'dry '
                                                                                                                                                                      'run',
                                                                                                                                                '--extra, --group, --no-group, --only-group, --package, --script, -r, --requirements, -c, --tag, --branch, --rev, --optional, --bounds, -P, --upgrade-package, --no-binary, --link-mode, --name, --build-backend, --prompt': 'value',
                                                                                                                                                '-o, --out-dir, --output-file': 'write',
                                                                                                                                                '--system, --break-system-packages': 'high: '
                                                                                                                                                                                     'changes '
                                                                                                                                                                                     'the '
                                                                                                                                                                                     "system's "
                                                                                                                                                                                     'packages'},
                                                                                                                                      'rules': [{'operand': ['http*://*',
                                                                                                                                                             '*[+]*://*',
                                                                                                                                                             '*@*://*'],
                                                                                                                                                 'risk': 'high: '
                                                                                                                                                         'runs '
                                                                                                                                                         'code '
                                                                                                                                                         'from '
                                                                                                                                                         'an '
                                                                                                                                                         'address'}]},
                     'pip install': {'risk': 'medium: installs packages',
                                     'flags': {'--dry-run': 'low: a dry run',
                                               '-r, --requirements, --requirement, -c, --constraints, -e, --editable': 'read',
                                               '--target, --prefix': 'write',
                                               '--system, --break-system-packages': 'high: changes '
                                                                                    "the system's "
                                                                                    'packages',
                                               '--extra, --group, --no-binary, --only-binary, --python-version, --python-platform, --resolution, --prerelease, -P': 'value'},
                                     'rules': [{'operand': ['http*://*', '*[+]*://*', '*@*://*'],
                                                'risk': 'high: runs code from an address'}]},
                     'run': {'risk': 'medium: runs a program of the environment',
                             'operands': 'words',
                             'flags': {'-m, --module': 'module',
                                       '-s, --script, --gui-script': 'script; end',
                                       '--with, --with-requirements, --extra, --no-extra, --group, --no-group, --only-group, --package, --env-file, --resolution, --prerelease, --link-mode, -P, --upgrade-package, --refresh-package, --exclude-newer, --python-platform, -w': 'value',
                                       '--with-editable': 'read',
                                       '--with=*://*': 'value; high: runs code from an address',
                                       '--all-extras, --no-dev, --dev, --frozen, --locked, --no-sync, --no-project, --exact, --active, --no-env-file, -U, --all-groups, --no-editable, --only-dev, --all-packages': 'flag'},
                             'rules': [{'operand': 'http*://*',
                                        'at': 0,
                                        'risk': 'high: runs code from an address'}],
                             'stdin': 'code:python'},
                     'tool run|x': {'risk': 'high: runs a package that may be downloaded',
                                    'operands': 'words',
                                    'flags': {'--from, --with, --with-editable, --with-requirements, --index': 'value; '
                                                                                                               'high: '
                                                                                                               'runs '
                                                                                                               'a '
                                                                                                               'package '
                                                                                                               'that '
                                                                                                               'may '
                                                                                                               'be '
                                                                                                               'downloaded',
                                              '--isolated, -U, --refresh': 'flag'},
                                    'rules': [{'operand': '*',
                                               'at': 0,
                                               'risk': 'medium: runs a tool of a package'},
                                              {'operand': ['ruff',
                                                           'ruff@*',
                                                           'black',
                                                           'black@*',
                                                           'isort',
                                                           'mypy',
                                                           'ty',
                                                           'flake8',
                                                           'pylint',
                                                           'pyright',
                                                           'bandit',
                                                           'pytest',
                                                           'tox',
                                                           'nox',
                                                           'poetry',
                                                           'pdm',
                                                           'hatch',
                                                           'pre-commit',
                                                           'twine',
                                                           'mkdocs',
                                                           'coverage',
                                                           'pip-audit',
                                                           'vulture',
                                                           'codespell',
                                                           'yamllint',
                                                           'sqlfluff',
                                                           'pyupgrade',
                                                           'autopep8',
                                                           'yapf',
                                                           'pydocstyle',
                                                           'cookiecutter',
                                                           'copier',
                                                           'ipython',
                                                           'jupyter',
                                                           'semgrep',
                                                           'djlint',
                                                           'check-jsonschema',
                                                           'pyproject-build',
                                                           'cibuildwheel',
                                                           'interrogate',
                                                           'deptry',
                                                           'safety',
                                                           'sphinx-build',
                                                           'ansible-lint'],
                                               'at': 0,
                                               'risk': 'low: a tool that is known'}]},
                     'tool install|tool upgrade|tool uninstall|tool update-shell|tool sync|python install|python uninstall|python upgrade|python update-shell|self update': 'high: '
                                                                                                                                                                            'installs '
                                                                                                                                                                            'for '
                                                                                                                                                                            'the '
                                                                                                                                                                            'user',
                     'publish': {'risk': 'high: publishes',
                                 'flags': {'--dry-run': 'low: a dry run',
                                           '-u, --username, --password, -t, --token, --publish-url, --check-url, --index, --trusted-publishing, --keyring-provider': 'value'}},
                     'auth login|auth logout|auth token|auth dir|auth helper': 'high: touches '
                                                                               'credentials'}},
 'uvx': {'risk': 'high: runs a package that may be downloaded',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version', '-V'],
         'operands': 'words',
         'flags': {'--from, --with, --with-editable, --with-requirements, --index, --index-url, -i, --default-index, --extra-index-url, -f, --find-links': 'value; '
                                                                                                                                                           'high: '
                                                                                                                                                           'runs '
                                                                                                                                                           'a '
                                                                                                                                                           'package '
                                                                                                                                                           'that '
                                                                                                                                                           'may '
                                                                                                                                                           'be '
                                                                                                                                                           'downloaded',
                   '-p, --python, --directory, --project, --cache-dir, --color, --config-file, --env-file, --constraints': 'value',
                   '--isolated, -q, --quiet, -v, --verbose, --offline, -U, --refresh, -n, --no-cache': 'flag'},
         'rules': [{'operand': '*', 'at': 0, 'risk': 'medium: runs a tool of a package'},
                   {'operand': ['ruff',
                                'ruff@*',
                                'black',
                                'black@*',
                                'isort',
                                'mypy',
                                'ty',
                                'flake8',
                                'pylint',
                                'pyright',
                                'bandit',
                                'pytest',
                                'tox',
                                'nox',
                                'poetry',
                                'pdm',
                                'hatch',
                                'pre-commit',
                                'twine',
                                'mkdocs',
                                'coverage',
                                'pip-audit',
                                'vulture',
                                'codespell',
                                'yamllint',
                                'sqlfluff',
                                'pyupgrade',
                                'autopep8',
                                'yapf',
                                'pydocstyle',
                                'cookiecutter',
                                'copier',
                                'ipython',
                                'jupyter',
                                'semgrep',
                                'djlint',
                                'check-jsonschema',
                                'pyproject-build',
                                'cibuildwheel',
                                'interrogate',
                                'deptry',
                                'safety',
                                'sphinx-build',
                                'ansible-lint'],
                    'at': 0,
                    'risk': 'low: a tool that is known'}]},
 'poetry': {'risk': 'high: an unknown subcommand',
            'bare': 'low: shows its help',
            'help': ['--help', '-h', '--version', '-V'],
            'flags': {'-C, --directory, -P, --project': 'folder',
                      '-q, --quiet, -v, -vv, -vvv, --verbose, -n, --no-interaction, --no-plugins, --no-cache, --ansi, --no-ansi': 'flag'},
            'commands': {'check|show|about|help|list|search|env info|env list|env activate|debug info|debug resolve|debug tags|cache list|source show|self show|self show plugins|python list': {'risk': 'low: '
                                                                                                                                                                                                         'only '
                                                                                                                                                                                                         'looks',
                                                                                                                                                                                                 'flags': {'-E, --extras, --only, --without, --with': 'value'}},
                         'version': {'risk': 'medium: changes the version',
                                     'bare': 'low: shows the version',
                                     'flags': {'--dry-run': 'low: a dry run',
                                               '-s, --short': 'flag'}},
                         'add|install|update|remove|lock|sync': {'risk': 'medium: changes '
                                                                         'dependencies',
                                                                 'flags': {'--dry-run, --check': 'low: '
                                                                                                 'a '
                                                                                                 'dry '
                                                                                                 'run',
                                                                           '-G, --group, -E, --extras, --with, --without, --only, --python, --platform, --source, --markers': 'value'},
                                                                 'rules': [{'operand': ['http*://*',
                                                                                        'git[+]*',
                                                                                        '*[+]*://*'],
                                                                            'risk': 'high: runs '
                                                                                    'code from an '
                                                                                    'address'}]},
                         'build|init|new|shell|export|env use|env remove|cache clear|source add|source remove': {'risk': 'medium: '
                                                                                                                         'changes '
                                                                                                                         'the '
                                                                                                                         'project',
                                                                                                                 'flags': {'-o, --output': 'write',
                                                                                                                           '-f, --format, --name, --with, --without, --only, -E': 'value'}},
                         'run': {'risk': 'medium: runs a program of the environment',
                                 'operands': 'words'},
                         'publish': {'risk': 'high: publishes',
                                     'flags': {'--dry-run': 'low: a dry run',
                                               '-r, --repository, -u, --username, -p, --password': 'value'}},
                         'config': {'risk': 'high: changes settings or credentials',
                                    'bare': 'low: shows settings',
                                    'flags': {'--list': 'low: shows settings',
                                              '--unset, --local, --migrate': 'flag'},
                                    'rules': [{'operand': ['virtualenvs.*',
                                                           'cache-dir',
                                                           'installer.*',
                                                           'solver.*',
                                                           'system-git-client'],
                                               'at': 0,
                                               'risk': 'low: a setting'},
                                              {'operand': '*',
                                               'at': 1,
                                               'risk': 'medium: changes a setting'}]},
                         'self add|self update|self remove|self install|self sync|self lock|python install|python remove': 'high: '
                                                                                                                           'changes '
                                                                                                                           'poetry '
                                                                                                                           'itself'}},
 'pdm': {'risk': 'high: an unknown subcommand',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version', '-V'],
         'flags': {'--rm': 'high: removes an environment',
                   '--python': 'value',
                   '--three, --two, --venv, --where, --envs, --py, --bare, --clear, --site-packages': 'flag',
                   '-p, --project, -e, --env, -c, --config, --manifest-path': 'value',
                   '-q, --quiet, -v, --verbose, -n, --non-interactive, -I, --ignore-python, --no-color, --color': 'flag'},
         'commands': {'list|show|info|search|outdated|completion|config list|venv list|cache info|cache list|self list|python list|env show|env find|status|graph|verify|check|audit|dep show|dep hash|dep show table|dep show requirements|project metadata|shell-hook|task list|toolchain list|tree|help': 'low: '
                                                                                                                                                                                                                                                                                                             'only '
                                                                                                                                                                                                                                                                                                             'looks',
                      'version': {'risk': 'medium: changes the version',
                                  'bare': 'low: shows the version'},
                      'config': {'risk': 'high: changes settings', 'bare': 'low: shows settings'},
                      'config show|config find': 'low: shows settings',
                      'config set|config delete': 'high: changes settings',
                      'install|add|remove|update|lock|sync|build|init|new|use|fix|import|export|venv create|venv remove|venv activate|cache clear|env create|env remove|env prune|fmt|test|clean|make-req|requirements|scripts|pin|uninstall|upgrade|task add|task remove': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                     'changes '
                                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                                     'project',
                                                                                                                                                                                                                                                                             'flags': {'-n, --dry-run, --check': 'low: '
                                                                                                                                                                                                                                                                                                                 'a '
                                                                                                                                                                                                                                                                                                                 'dry '
                                                                                                                                                                                                                                                                                                                 'run',
                                                                                                                                                                                                                                                                                       '-o, --output': 'write',
                                                                                                                                                                                                                                                                                       '-G, --group, -d, --dev, -r, -i, --index': 'value'},
                                                                                                                                                                                                                                                                             'rules': [{'operand': ['http*://*',
                                                                                                                                                                                                                                                                                                    'git[+]*',
                                                                                                                                                                                                                                                                                                    '*[+]*://*'],
                                                                                                                                                                                                                                                                                        'risk': 'high: '
                                                                                                                                                                                                                                                                                                'runs '
                                                                                                                                                                                                                                                                                                'code '
                                                                                                                                                                                                                                                                                                'from '
                                                                                                                                                                                                                                                                                                'an '
                                                                                                                                                                                                                                                                                                'address'}]},
                      'run': {'risk': 'medium: runs a program or a script of the project',
                              'operands': 'words'},
                      'run lint|run test|run tests|run build|run docs|run format|run check|run typecheck|run cov|run types|run style|run fmt|run all': 'medium: '
                                                                                                                                                       'runs '
                                                                                                                                                       'a '
                                                                                                                                                       'script '
                                                                                                                                                       'of '
                                                                                                                                                       'the '
                                                                                                                                                       'project',
                      'shell': 'medium: opens a shell',
                      'publish': {'risk': 'high: publishes',
                                  'flags': {'-n, --dry-run': 'low: a dry run'}},
                      'self add|self update|self remove|self install|self uninstall|self report|plugin|python install|python remove|python show|toolchain fetch|toolchain register|toolchain remove|global install|global add|global remove|auth login|auth logout|upload': 'high: '
                                                                                                                                                                                                                                                                            'changes '
                                                                                                                                                                                                                                                                            'the '
                                                                                                                                                                                                                                                                            "user's "
                                                                                                                                                                                                                                                                            'tools '
                                                                                                                                                                                                                                                                            'or '
                                                                                                                                                                                                                                                                            'credentials',
                      'run *:*': 'medium: runs a script of the project'}},
 'conda': {'risk': 'high: an unknown subcommand',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version', '-V'],
           'flags': {'-v, --verbose, --no-plugins, -q, -y': 'flag',
                     '-r, --root-prefix, -p, --prefix, -n, --name': 'value'},
           'commands': {'list|info|search|env list|package|compare|notices|doctor|repoquery|repoquery search|repoquery depends|repoquery whoneeds|config list|config sources|config describe|env export|export|help|shell hook': {'risk': 'low: '
                                                                                                                                                                                                                                          'only '
                                                                                                                                                                                                                                          'looks',
                                                                                                                                                                                                                                  'flags': {'-n, --name, -p, --prefix, -c, --channel': 'value',
                                                                                                                                                                                                                                            '-f, --file': 'write'}},
                        'config': {'risk': 'high: changes settings',
                                   'flags': {'--show, --show-sources, --get, --describe, --validate': 'low: '
                                                                                                      'shows '
                                                                                                      'settings',
                                             '--add, --set, --append, --prepend, --remove, --remove-key': 'high: '
                                                                                                          'changes '
                                                                                                          'settings'}},
                        'install|create|update|upgrade|env create|env update|clean|build|rename|self-update': {'risk': 'medium: '
                                                                                                                       'changes '
                                                                                                                       'an '
                                                                                                                       'environment',
                                                                                                               'flags': {'-d, --dry-run': 'low: '
                                                                                                                                          'a '
                                                                                                                                          'dry '
                                                                                                                                          'run',
                                                                                                                         '-n, --name, -p, --prefix, -f, --file, --solver, --clone, --revision, --repodata-fn': 'value',
                                                                                                                         '-c, --channel, --override-channels': 'value',
                                                                                                                         '-c=http*, --channel=': 'value; '
                                                                                                                                                 'high: '
                                                                                                                                                 'takes '
                                                                                                                                                 'packages '
                                                                                                                                                 'from '
                                                                                                                                                 'another '
                                                                                                                                                 'place',
                                                                                                                         '-n=base, --name=': 'value; '
                                                                                                                                             'high: '
                                                                                                                                             'changes '
                                                                                                                                             'the '
                                                                                                                                             'base '
                                                                                                                                             'environment'}},
                        'remove|uninstall': {'risk': 'medium: removes packages',
                                             'flags': {'--all': 'high: removes an environment',
                                                       '-d, --dry-run': 'low: a dry run',
                                                       '-n, --name, -p, --prefix': 'value'}},
                        'env remove': 'high: removes an environment',
                        'activate|deactivate': 'medium: changes the shell',
                        'run': {'risk': 'medium: runs a program of the environment',
                                'operands': 'words',
                                'options': 'first',
                                'flags': {'-n, --name, -p, --prefix, --cwd': 'value',
                                          '--no-capture-output, --live-stream, -v': 'flag'}},
                        'init|upload|token|login|logout|env config vars set|env vars set|skeleton|develop|shell init|self update': 'high: '
                                                                                                                                   'changes '
                                                                                                                                   'the '
                                                                                                                                   "user's "
                                                                                                                                   'shell '
                                                                                                                                   'or '
                                                                                                                                   'publishes'}},
 'pyenv': {'risk': 'high: an unknown subcommand',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version'],
           'commands': {'versions|version|version-name|version-file|version-origin|which|whence|root|prefix|commands|help|shims|completions|hooks|virtualenvs|list|list-remote|install-list|init|virtualenv-init|latest|gemset': 'low: '
                                                                                                                                                                                                                                 'only '
                                                                                                                                                                                                                                 'looks',
                        'local|shell': {'risk': 'medium: changes the version of the project',
                                        'bare': 'low: shows the version'},
                        'global': {'risk': 'high: changes the version of the user',
                                   'bare': 'low: shows the version'},
                        'rehash|activate|deactivate|pin|use|add': 'medium: changes which version '
                                                                  'runs',
                        'install': {'risk': 'high: installs for the user',
                                    'flags': {'-l, --list': 'low: lists',
                                              '-s, -f, -k, -v': 'flag'}},
                        'uninstall|virtualenv|virtualenv-delete|update|migrate|remove': 'high: '
                                                                                        'changes '
                                                                                        'the '
                                                                                        'versions '
                                                                                        'of the '
                                                                                        'user',
                        'exec': {'risk': 'medium: runs a program', 'operands': 'words'}}},
 'tox': {'risk': 'medium: runs tests',
         'help': ['--help', '-h', '--version'],
         'flags': {'-l, --listenvs, --list, -a, --listenvs-all, --showconfig': 'low: lists',
                   '-e=*publish*, -s=, --sessions=, --session=': 'value; high: publishes',
                   '-e=*release*, -s=, --sessions=, --session=': 'value; high: publishes',
                   '-e=*deploy*, -s=, --sessions=, --session=': 'value; high: deploys',
                   '-f=/*, --noxfile=': 'value; high: loads code',
                   '-f=../*, --noxfile=': 'value; high: loads code',
                   '-c=/*': 'value; high: runs what a file elsewhere says',
                   '-c=../*': 'value; high: runs what a file elsewhere says',
                   '-e, -s, --sessions, --session, -c, -f, --noxfile, -k, --keywords, -t, --tags, -p, --python, --workdir, --result-json, --force-pip, -x, --override, --default-venv-backend, --envdir': 'value'},
         'rules': [{'operand': ['list', 'l', 'config', 'c', 'depends', 'de'],
                    'at': 0,
                    'risk': 'low: lists'}],
         'commands': {'list|l|config|c|depends|de|schema|man': 'low: lists',
                      'exec|e': {'risk': 'medium: runs a program of an environment',
                                 'operands': 'words'},
                      '*': 'medium: runs tests'}},
 'pytest': {'risk': 'medium: runs tests',
            'help': ['--help', '-h', '--version', '-V'],
            'flags': {'-p, -c, --config-file, -k, -m, -n, --rootdir, --confcutdir, --cov, --cov-report, --cov-config, --maxfail, --durations, --tb, -o, --override-ini, --ignore, --deselect, --timeout, --dist, --log-cli-level, -W, -r, -s, -t': 'value',
                      '--junitxml, --junit-xml, --resultlog, --html, --json-report-file': 'write',
                      '--basetemp': 'delete',
                      '--pastebin': 'value; high: sends results out',
                      '-q, -v, -vv, -x, -l, --lf, --ff, --co, --collect-only, --pdb, --fixtures, --markers, --sw, -rA, -ra, -rs, -s': 'flag'},
            'rules': [{'operand': ['/tmp/*', '/var/tmp/*', '/dev/shm/*'],
                       'risk': 'high: runs code from outside the workspace'}]},
 'ruff': {'risk': 'high: an unknown subcommand',
          'bare': 'low: shows its help',
          'help': ['--help', '-h', '--version', '-V'],
          'flags': {'--config': 'value',
                    '--isolated, -q, --quiet, -s, --silent, -v, --verbose, --no-cache': 'flag',
                    '--color': 'value'},
          'commands': {'check|linter': {'risk': 'low: checks files',
                                        'operands': 'read...',
                                        'flags': {'--fix, --fix-only, --add-noqa': 'medium: '
                                                                                   'changes files; '
                                                                                   'makes:operands=write',
                                                  '--unsafe-fixes, --diff, --watch, -w, --statistics, --show-files, --show-settings, --preview, -e, -n': 'flag',
                                                  '-o, --output-file': 'write',
                                                  '--select, --ignore, --extend-select, --extend-ignore, --fixable, --unfixable, --output-format, --target-version, --exclude, --extend-exclude, --per-file-ignores, --line-length, --cache-dir, --stdin-filename, --extension': 'value'}},
                       'rule|config|version|help|analyze|analyze graph': {'risk': 'low: only looks',
                                                                          'flags': {'--output-format, --direction': 'value'}},
                       'server': 'low: answers an editor',
                       'format': {'risk': 'medium: changes files',
                                  'operands': 'write...',
                                  'flags': {'--check, --diff': 'low: only checks; '
                                                               'makes:operands=read',
                                            '--exclude, --extend-exclude, --line-length, --target-version, --stdin-filename, --cache-dir, --range, --extension': 'value'}},
                       'clean': 'medium: empties the cache'}},
 'black': {'risk': 'medium: changes files',
           'operands': 'write...',
           'help': ['--help', '-h', '--version', '-V'],
           'flags': {'--check, --diff, --check-only, -c, -d': 'low: only checks; '
                                                              'makes:operands=read',
                     '-i, --in-place': 'medium: changes files',
                     '--code': 'value; low: prints',
                     '-l, --line-length, -t, --target-version, --config, --include, --exclude, --extend-exclude, --force-exclude, --stdin-filename, -W, --workers, --profile, -p, --sp, --settings-path, --line-ranges, --style, --max-line-length, --python-cell-magics': 'value',
                     '-q, --quiet, -v, --verbose, --fast, --preview, -S, -a, -r, --recursive': 'flag'},
           'rules': [{'operand': '-', 'risk': 'low: prints'}]},
 'mypy': {'risk': 'low: checks files',
          'help': ['--help', '-h', '--version', '-V'],
          'operands': 'read...',
          'flags': {'--install-types': 'medium: installs packages',
                    '--html-report, --xml-report, --txt-report, --junit-xml, --cobertura-xml-report, --any-exprs-report, --linecount-report, --linecoverage-report, -o, --output-file, --output, --output-dir, --out, --outputpath': 'write',
                    '--config-file': 'read; medium: takes its settings, and with them plug-ins, '
                                     'from a file',
                    '--config-file=mypy.ini': 'read',
                    '--config-file=.mypy.ini': 'read',
                    '--config-file=setup.cfg': 'read',
                    '--config-file=pyproject.toml': 'read',
                    '--config-file=tox.ini': 'read',
                    '--cache-dir, --config, --rcfile, -p, --project, -m, --module, --package, --python-version, --pythonversion, --python-executable, --pythonpath, --python, --platform, --pythonplatform, --level, --select, --ignore, --extend-ignore, --max-line-length, --max-complexity, --exclude, --disable, --enable, -d, -e, -f, --format, --output-format, --msg-template, --follow-imports, -ll, -lll, -i, -l, -r, -x, -b, -c, -t, -n, --tests, --skip, -s, -j, --jobs, --score, --fail-under, --stdin-filename, --custom-typeshed-dir, --shadow-file, --plugins': 'value',
                    '-c': 'value',
                    '--load-plugins': 'value; medium: loads code',
                    '--python-executable=*/*, --pythonpath=, --python=': 'value; high: says what '
                                                                         'runs',
                    '--init-hook': 'code:python; medium: runs code',
                    '--fix, --write-changes, --in-place, --suppress, --annotate, --add-ignores': 'medium: '
                                                                                                 'changes '
                                                                                                 'files',
                    '--createstub': 'value; medium: writes a file',
                    '--writebaseline, --update-baseline, --baseline': 'flag',
                    '--watch, -w, --stats, --verifytypes, --strict, --outputjson, --warnings, --ignoreexternal, --diff, --show-source, --statistics, --count, --errors-only, -E, -q, -v': 'flag'},
          'rules': [{'operand': '-c', 'risk': 'low: checks'}]},
 'coverage': {'risk': 'high: an unknown subcommand',
              'bare': 'low: shows its help',
              'help': ['--help', '-h', '--version'],
              'flags': {'--rcfile, --data-file, -d': 'value', '-q, -i': 'flag'},
              'commands': {'report|debug|help': {'risk': 'low: shows coverage',
                                                 'flags': {'-m, --show-missing': 'flag',
                                                           '--include, --omit, --fail-under, --sort, --precision, --format, --contexts': 'value'}},
                           'html|xml|json|lcov|annotate|combine': {'risk': 'medium: writes a '
                                                                           'report',
                                                                   'flags': {'-o, -d, --directory': 'write',
                                                                             '--include, --omit': 'value'}},
                           'erase': 'medium: removes data',
                           'run': {'risk': "medium: runs the project's code",
                                   'operands': 'script value...',
                                   'flags': {'-m, --module': 'module; instead',
                                             '--source, --omit, --include, --context, --concurrency, --data-file, --save-signal': 'value',
                                             '-a, --append, -p, --parallel-mode, --branch, -L, --timid': 'flag'}}}},
 'sphinx-build': {'risk': 'medium: builds the documentation',
                  'help': ['--help', '-h', '--version', '-V'],
                  'flags': {'-o, --output, --output-dir, -d, --site-dir, --destination, --dest-dir': 'write',
                            '-a, --dev-addr, -b, -c, -D, -f, --config-file, -j, -n, -s, --source': 'value',
                            '-a=0.0.0.0*, --dev-addr=': 'value; high: opens a port',
                            '--bind': 'value',
                            '--bind=0.0.0.0': 'value; high: opens a port',
                            '--host': 'value',
                            '--host=0.0.0.0': 'value; high: opens a port',
                            '--push': 'high: publishes'},
                  'rules': [{'operand': ['gh-deploy', 'deploy', 'publish', 'delete', 'upload'],
                             'at': 0,
                             'risk': 'high: publishes'},
                            {'operand': ['version', 'env', 'list', 'get-deps', 'check', 'inspect'],
                             'at': 0,
                             'risk': 'low: only looks'}]},
 'jupyter': {'risk': 'medium: runs notebooks',
             'bare': 'low: shows its help',
             'help': ['--help', '-h', '--version'],
             'flags': {'--paths, --config-dir, --data-dir, --runtime-dir': 'low: only looks',
                       '--output, --output-dir': 'write',
                       '--to, --ip, --port, --config, --server.address, --kernel, --log-level, -p': 'value',
                       '--ip=0.0.0.0, --server.address=': 'value; high: opens a port',
                       '--allow-root': 'high: opens a shell to others'},
             'rules': [{'operand': ['lab',
                                    'notebook',
                                    'server',
                                    'nbclassic',
                                    'hub',
                                    'serverextension',
                                    'labextension',
                                    'kernelgateway',
                                    'voila'],
                        'at': 0,
                        'risk': 'high: opens a port to a shell'},
                       {'operand': ['kernelspec', 'troubleshoot', 'nbviewer', 'version'],
                        'at': 0,
                        'risk': 'low: only looks'},
                       {'operand': ['install', 'remove', 'uninstall'],
                        'at': 1,
                        'risk': "high: changes the user's kernels"}]},
 'ipython': {'risk': 'medium: runs code',
             'help': ['--help', '-h', '--version', '-V'],
             'operands': 'script value...',
             'stdin': 'code:python',
             'flags': {'-c, --InteractiveShellApp.code_to_run': 'code:python; instead',
                       '-m': 'module; instead',
                       '--profile, --ipython-dir, --config, --ext': 'value',
                       '-i, --pylab, --matplotlib': 'flag'}},
 'alembic': {'risk': 'high: an unknown subcommand',
             'bare': 'low: shows its help',
             'help': ['--help', '-h', '--version'],
             'flags': {'-c, --config': 'read',
                       '-c=/*, --config=': 'read; high: loads code',
                       '-c=../*, --config=': 'read; high: loads code',
                       '-n, --name, -x': 'value',
                       '--raiseerr, -q, --quiet': 'flag'},
             'commands': {'current|history|heads|branches|show|check|list_templates': {'risk': 'low: '
                                                                                               'only '
                                                                                               'looks',
                                                                                       'flags': {'-r, --rev-range': 'value'}},
                          'revision|merge|init|edit|ensure_version': {'risk': 'medium: writes a '
                                                                              'migration',
                                                                      'flags': {'-m, --message, --head, --branch-label, --version-path, --rev-id, --depends-on, -t, --template': 'value'}},
                          'upgrade|downgrade|stamp': {'risk': 'high: changes a database',
                                                      'flags': {'--sql': 'low: prints statements',
                                                                '--tag': 'value'}}}},
 'flask': {'risk': 'high: a command of the project',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version'],
           'flags': {'-A, --app': 'value',
                     '-e, --env-file': 'value',
                     '-A=/*, --app=': 'value; high: loads code',
                     '-A=../*, --app=': 'value; high: loads code',
                     '--debug, --no-debug': 'flag'},
           'commands': {'routes|db current|db history|db heads|db branches|db show|db check|info|version|schema openapi': 'low: '
                                                                                                                          'only '
                                                                                                                          'looks',
                        'run': {'risk': 'medium: runs the project',
                                'flags': {'-h, --host': 'value',
                                          '-h=0.0.0.0, --host=': 'value; high: opens a port',
                                          '-h=::, --host=': 'value; high: opens a port',
                                          '-p, --port, --cert, --key, --extra-files, --exclude-patterns': 'value',
                                          '--reload, --debugger, --with-threads': 'flag'},
                                'help': ['--help']},
                        'shell|db init|db migrate|db revision|db merge|db edit|translate compile|translate update': {'risk': 'medium: '
                                                                                                                             'changes '
                                                                                                                             'the '
                                                                                                                             'project',
                                                                                                                     'flags': {'-m, --message, --rev-id, -d, --directory': 'value'}},
                        'db upgrade|db downgrade|db stamp': {'risk': 'high: changes a database',
                                                             'flags': {'--sql': 'low: prints '
                                                                                'statements'}}}},
 'django-admin': {'risk': 'high: a command of the project',
                  'bare': 'low: shows its help',
                  'help': ['--help', '-h', '--version'],
                  'flags': {'--pythonpath=/*': 'value; high: loads code',
                            '--pythonpath=../*': 'value; high: loads code',
                            '--settings, --pythonpath, -v, --verbosity': 'value',
                            '--no-color, --traceback, --force-color, --skip-checks': 'flag'},
                  'local': True,
                  'commands': {'version|check|showmigrations|diffsettings|inspectdb|sqlmigrate|sqlsequencereset|help|show_urls|findstatic': 'low: '
                                                                                                                                            'only '
                                                                                                                                            'looks',
                               'startproject|startapp|makemigrations|test|collectstatic|compilemessages|makemessages|shell|shell_plus|optimizemigration|testserver|dumpdata': {'risk': 'medium: '
                                                                                                                                                                                       'changes '
                                                                                                                                                                                       'the '
                                                                                                                                                                                       'project',
                                                                                                                                                                               'flags': {'--dry-run, --check': 'low: '
                                                                                                                                                                                                               'a '
                                                                                                                                                                                                               'dry '
                                                                                                                                                                                                               'run',
                                                                                                                                                                                         '-c, --command': 'code:python',
                                                                                                                                                                                         '-o, --output': 'write',
                                                                                                                                                                                         '--template': 'value',
                                                                                                                                                                                         '--template=http*': 'value; '
                                                                                                                                                                                                             'high: '
                                                                                                                                                                                                             'takes '
                                                                                                                                                                                                             'a '
                                                                                                                                                                                                             'template '
                                                                                                                                                                                                             'from '
                                                                                                                                                                                                             'an '
                                                                                                                                                                                                             'address'}},
                               'runserver|runserver_plus': {'risk': 'medium: runs the project',
                                                            'rules': [{'operand': ['0.0.0.0:*',
                                                                                   '0:*',
                                                                                   '[[]::]:*'],
                                                                       'at': 0,
                                                                       'risk': 'high: opens a '
                                                                               'port'}]},
                               'migrate|flush|loaddata|dbshell|createsuperuser|changepassword|createcachetable|clearsessions|remove_stale_contenttypes|sendtestemail|squashmigrations|reset_db|sqlflush': {'risk': 'high: '
                                                                                                                                                                                                                   'changes '
                                                                                                                                                                                                                   'a '
                                                                                                                                                                                                                   'database',
                                                                                                                                                                                                           'flags': {'--plan': 'low: '
                                                                                                                                                                                                                               'shows '
                                                                                                                                                                                                                               'what '
                                                                                                                                                                                                                               'would '
                                                                                                                                                                                                                               'be '
                                                                                                                                                                                                                               'done'}}}},
 'gunicorn': {'risk': 'medium: runs the project',
              'help': ['--help', '-h', '--version'],
              'flags': {'-b, --bind, --host, --listen': 'value',
                        '-b=0.0.0.0*, --bind=, --host=, --listen=': 'value; high: opens a port',
                        '-b=::*, --bind=, --host=, --listen=': 'value; high: opens a port',
                        '-b=[[]::]*, --bind=': 'value; high: opens a port',
                        '-b=:*, --bind=': 'value; high: opens a port',
                        '-w, --workers, -k, --worker-class, -c, --config, --port, -p, -t, --timeout, --log-level, --log-config, --app-dir, --env-file, --root-path, --ssl-keyfile, --ssl-certfile, --chdir, --pythonpath, -A, --app, -Q, -l, --loglevel, --concurrency, -n, --broker, -u, --user, -g': 'value',
                        '-D, --daemon': 'high: keeps running',
                        '--check-config, --print-config': 'low: only looks'},
              'rules': [{'operand': ['inspect', 'report', 'status', 'list', 'version'],
                         'at': 0,
                         'risk': 'low: only looks'},
                        {'operand': ['purge', 'control', 'amqp', 'multi', 'upgrade', 'empty'],
                         'at': 0,
                         'risk': 'high: changes a service'},
                        {'operand': ['deploy', 'login', 'logout', 'cloud', 'join'],
                         'at': 0,
                         'risk': 'high: deploys'}]},
 'pre-commit': {'risk': 'high: an unknown subcommand',
                'bare': "medium: runs the project's checks",
                'help': ['--help', '-h', '--version', '-V'],
                'flags': {'-c, --config': 'value',
                          '-c=/*, --config=': 'value; high: runs what a file elsewhere says',
                          '-c=../*, --config=': 'value; high: runs what a file elsewhere says',
                          '--color': 'value',
                          '-a, --all-files, -v': 'flag'},
                'commands': {'run|install|install-hooks|uninstall|autoupdate|auto-update|update|clean|gc|migrate-config|init-templatedir_': 'medium: '
                                                                                                                                            'runs '
                                                                                                                                            'or '
                                                                                                                                            'installs '
                                                                                                                                            'the '
                                                                                                                                            "project's "
                                                                                                                                            'checks',
                             'validate-config|validate-manifest|sample-config|help|list': 'low: '
                                                                                          'only '
                                                                                          'looks',
                             'try-repo|init-templatedir|self update': 'high: runs code from an '
                                                                      'address',
                             'hook-impl': "medium: runs the project's checks"}},
 'huggingface-cli': {'risk': "high: talks to a service with the user's credentials",
                     'bare': 'low: shows its help',
                     'help': ['--help', '--version', '-V'],
                     'rules': [{'operand': ['status',
                                            'version',
                                            'env',
                                            'list',
                                            'ls',
                                            'scan-cache',
                                            'whoami',
                                            'diff',
                                            'dag',
                                            'metrics',
                                            'params'],
                                'at': 0,
                                'risk': 'low: only looks'},
                               {'operand': ['download',
                                            'pull',
                                            'repro',
                                            'add',
                                            'checkout',
                                            'fetch',
                                            'init'],
                                'at': 0,
                                'risk': 'low: works here'},
                               {'operand': ['download',
                                            'pull',
                                            'repro',
                                            'add',
                                            'checkout',
                                            'fetch',
                                            'init'],
                                'at': 0,
                                'risk': 'medium: changes the project'}]},
 'jupyter-lab': {'risk': 'high: opens a port to a shell', 'help': ['--help', '-h', '--version']}}
