"""Written from `programs/forges.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'gh': {'risk': 'high: an unknown subcommand may be an alias or an extension',
        'bare': 'low: shows its help',
        'help': ['--help', '-h', '--version'],
        'flags': {'-R, --repo, --hostname': 'value'},
        'variables': {'GH_BROWSER': 'shell',
                      'GH_EDITOR': 'shell',
                      'GH_PAGER': 'shell',
                      'BROWSER': 'shell',
                      'EDITOR': 'shell',
                      'VISUAL': 'shell',
                      'PAGER': 'shell',
                      'GIT_EDITOR': 'shell'},
        'commands': {'help|reference|environment|exit-codes|formatting|mintty|completion': {'risk': 'low: '
                                                                                                    'shows '
                                                                                                    'help',
                                                                                            'flags': {'-s, --shell': 'value'}},
                     'status|licenses|version': 'low: only looks',
                     'browse': {'risk': 'low: opens a page',
                                'flags': {'-b, --branch, -c, --commit, -R': 'value'}},
                     'preview|preview prompter': 'low: only looks',
                     'auth status': {'risk': 'low: shows who is logged in',
                                     'flags': {'-t, --show-token': 'high: shows a token',
                                               '-h, --hostname, -q, --jq, --json, -T, --template': 'value'},
                                     'help': ['--help']},
                     'auth login|auth logout|auth refresh|auth setup-git|auth switch|auth token': 'high: '
                                                                                                  'touches '
                                                                                                  'credentials',
                     'alias list|alias ls': 'low: lists',
                     'alias set': {'risk': "high: changes the user's commands",
                                   'operands': 'value code:alias'},
                     'alias import|alias delete': "high: changes the user's commands",
                     'config get|config list|config ls': {'risk': 'low: reads a setting',
                                                          'rules': [{'operand': '*token*',
                                                                     'risk': 'high: shows a '
                                                                             'token'}]},
                     'config set|config clear-cache': "high: changes the user's settings",
                     'extension list|extension ls|extension search|extension browse|extensions list|extensions ls|extensions search|ext list|ext ls|ext search': 'low: '
                                                                                                                                                                 'lists',
                     'extension install|extension upgrade|extension remove|extension exec|extension create|extensions install|extensions upgrade|extensions remove|extensions exec|extensions create|ext install|ext upgrade|ext remove|ext exec|ext create': 'high: '
                                                                                                                                                                                                                                                              'installs '
                                                                                                                                                                                                                                                              'or '
                                                                                                                                                                                                                                                              'runs '
                                                                                                                                                                                                                                                              'programs '
                                                                                                                                                                                                                                                              'from '
                                                                                                                                                                                                                                                              'the '
                                                                                                                                                                                                                                                              'network',
                     'pr list|pr ls|pr view|pr diff|pr checks|pr status': {'risk': 'low: looks at '
                                                                                   'pull requests',
                                                                           'flags': {'-q, --jq, --json, -T, --template, -S, --search, -L, --limit, -s, --state, -A, --author, -l, --label, -H, --head, -B, --base, -a, --assignee, --app, -i, --interval, -c, --color': 'value'}},
                     'pr checkout|pr co|co': {'risk': 'medium: checks out a pull request',
                                              'flags': {'-b, --branch': 'value',
                                                        '-f, --force': 'high: discards changes'}},
                     'pr create|pr new': {'risk': 'high: opens a pull request',
                                          'flags': {'--dry-run': 'low: a dry run',
                                                    '-F, --body-file': 'send',
                                                    '-t, --title, -b, --body, -a, --assignee, -B, --base, -H, --head, -l, --label, -m, --milestone, -p, --project, -r, --reviewer, -T, --template, --recover': 'value'}},
                     'pr close|pr comment|pr edit|pr lock|pr unlock|pr merge|pr ready|pr reopen|pr revert|pr review|pr update-branch': {'risk': 'high: '
                                                                                                                                                'changes '
                                                                                                                                                'a '
                                                                                                                                                'pull '
                                                                                                                                                'request',
                                                                                                                                        'flags': {'-F, --body-file': 'send',
                                                                                                                                                  '-b, --body, -t, --title, -c, --comment, -B, --base, -r, --reason, -A, --author-email, -m, --milestone, --subject, --match-head-commit, --add-label, --remove-label, --add-reviewer, --remove-reviewer, --add-assignee, --remove-assignee, --add-project, --remove-project': 'value'}},
                     'issue list|issue ls|issue view|issue status': {'risk': 'low: looks at issues',
                                                                     'flags': {'-q, --jq, --json, -T, --template, -S, --search, -L, --limit, -s, --state, -A, --author, -l, --label, -a, --assignee, -m, --milestone, --mention, --app': 'value'}},
                     'issue develop': {'risk': 'high: makes a branch on the forge',
                                       'flags': {'-l, --list': 'low: lists',
                                                 '-b, --base, -n, --name, --branch-repo, -i, --issue-repo': 'value'}},
                     'issue create|issue new|issue close|issue comment|issue delete|issue edit|issue lock|issue unlock|issue pin|issue unpin|issue reopen|issue transfer': {'risk': 'high: '
                                                                                                                                                                                    'changes '
                                                                                                                                                                                    'an '
                                                                                                                                                                                    'issue',
                                                                                                                                                                            'flags': {'-F, --body-file': 'send',
                                                                                                                                                                                      '-t, --title, -b, --body, -c, --comment, -a, --assignee, -l, --label, -m, --milestone, -p, --project, -r, --reason, -T, --template, --recover, --add-label, --remove-label, --add-assignee, --remove-assignee, --add-project, --remove-project': 'value'}},
                     'repo list|repo ls|repo view|repo gitignore list|repo gitignore view|repo license list|repo license view|repo autolink list|repo autolink view|repo deploy-key list': {'risk': 'low: '
                                                                                                                                                                                                    'looks '
                                                                                                                                                                                                    'at '
                                                                                                                                                                                                    'repositories',
                                                                                                                                                                                            'flags': {'-b, --branch, -q, --jq, --json, -T, --template, -L, --limit, -l, --language, --topic, --visibility': 'value'}},
                     'repo clone': {'risk': 'medium: copies a repository',
                                    'flags': {'-u, --upstream-remote-name': 'value',
                                              '--': 'medium: with flags of git'},
                                    'operands': 'fetch write',
                                    'rules': [{'operand': '-[uc]*',
                                               'risk': 'high: a setting may run a program'},
                                              {'operand': '--upload-pack*',
                                               'risk': 'high: says what the remote runs'},
                                              {'operand': '--conf*',
                                               'risk': 'high: a setting may run a program'},
                                              {'operand': '--temp*',
                                               'risk': 'high: a template may bring hooks'}]},
                     'repo set-default': {'risk': "medium: changes the repository's settings",
                                          'flags': {'-v, --view': 'low: shows'}},
                     'repo sync': {'risk': 'medium: fetches commits',
                                   'rules': [{'operand': '*',
                                              'at': 0,
                                              'risk': 'high: changes a repository on the forge'}],
                                   'flags': {'--force': 'high: discards commits',
                                             '-b, --branch, -s, --source': 'value'}},
                     'repo create|repo new|repo fork|repo archive|repo unarchive|repo delete|repo edit|repo rename|repo deploy-key add|repo deploy-key delete|repo autolink create|repo autolink delete': {'risk': 'high: '
                                                                                                                                                                                                                   'changes '
                                                                                                                                                                                                                   'a '
                                                                                                                                                                                                                   'repository '
                                                                                                                                                                                                                   'on '
                                                                                                                                                                                                                   'the '
                                                                                                                                                                                                                   'forge',
                                                                                                                                                                                                           'flags': {'-d, --description, -h, --homepage, -t, --team, -p, --template, -s, --source, -r, --remote, -l, --license, -g, --gitignore, --org, --fork-name, --remote-name, --visibility': 'value'},
                                                                                                                                                                                                           'help': ['--help']},
                     'release list|release ls|release view|release verify|release verify-asset': {'risk': 'low: '
                                                                                                          'looks '
                                                                                                          'at '
                                                                                                          'releases',
                                                                                                  'flags': {'-q, --jq, --json, -T, --template, -L, --limit, -O, --order': 'value'}},
                     'release download': {'risk': 'medium: downloads files',
                                          'flags': {'-O, --output, -D, --dir': 'write',
                                                    '-p, --pattern, -A, --archive': 'value'}},
                     'release create|release new|release delete|release delete-asset|release edit|release upload': {'risk': 'high: '
                                                                                                                            'publishes',
                                                                                                                    'flags': {'-F, --notes-file': 'send',
                                                                                                                              '-n, --notes, -t, --title, --target, --notes-start-tag, --discussion-category, --tag': 'value'},
                                                                                                                    'operands': 'value '
                                                                                                                                'send...'},
                     'run list|run ls|run view|run watch': {'risk': 'low: looks at runs',
                                                            'flags': {'-q, --jq, --json, -T, --template, -L, --limit, -b, --branch, -c, --commit, -e, --event, -s, --status, -u, --user, -w, --workflow, -j, --job, -a, --attempt, -i, --interval, --created': 'value',
                                                                      '--log, --log-failed, --verbose, -v, --exit-status': 'flag'}},
                     'run download': {'risk': 'medium: downloads files',
                                      'flags': {'-D, --dir': 'write',
                                                '-n, --name, -p, --pattern': 'value'}},
                     'run cancel|run delete|run rerun': {'risk': 'high: changes runs on the forge',
                                                         'flags': {'-j, --job': 'value'}},
                     'workflow list|workflow ls|workflow view': {'risk': 'low: looks at workflows',
                                                                 'flags': {'-q, --jq, --json, -T, --template, -L, --limit, -r, --ref': 'value'}},
                     'workflow run|workflow enable|workflow disable': {'risk': 'high: starts or '
                                                                               'changes workflows',
                                                                       'flags': {'-f, --raw-field, -F, --field, -r, --ref': 'value'}},
                     'cache list|cache ls|label list|label ls|org list|org ls|gpg-key list|gpg-key ls|ssh-key list|ssh-key ls|secret list|secret ls|variable list|variable ls|variable get|ruleset list|ruleset ls|ruleset view|ruleset check|rs list|rs view|rs check|gist list|gist ls|gist view|codespace list|codespace ls|codespace view|codespace logs|cs list|cs ls|cs view|cs logs|attestation trusted-root|attestation verify|at verify|project list|project ls|project view|project field-list|project item-list|search code|search commits|search issues|search prs|search repos|agent-task list|agent-task view|models list|models view': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               'only '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               'looks',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'flags': {'-q, --jq, --json, -T, --template, -L, --limit, -o, --org, --owner, -e, --env, -a, --app, -u, --user, -S, --sort, -O, --order, -f, --filename, -k, --key, -r, --ref, -p, --parents': 'value'}},
                     'cache delete|label create|label clone|label delete|label edit|gpg-key add|gpg-key delete|ssh-key add|ssh-key delete|variable set|variable delete|gist delete|gist edit|gist rename|project close|project copy|project create|project delete|project edit|project field-create|project field-delete|project item-add|project item-archive|project item-create|project item-delete|project item-edit|project link|project unlink|project mark-template|agent-task create': {'risk': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'things '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'on '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'forge',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                'flags': {'-b, --body, -t, --title, -d, --description, -c, --color, -n, --name, -e, --env, -o, --org, --owner': 'value'}},
                     'secret set|secret delete|secret remove': {'risk': 'high: touches credentials',
                                                                'flags': {'-b, --body, -e, --env, -o, --org, -u, --user, -a, --app, -v, --visibility, -r, --repos': 'value',
                                                                          '-f, --env-file': 'send'}},
                     'gist clone': 'medium: copies a gist',
                     'gist create|gist new': {'risk': 'high: publishes files',
                                              'operands': 'send...',
                                              'flags': {'-d, --desc, -f, --filename': 'value'}},
                     'codespace code|codespace cp|codespace create|codespace delete|codespace edit|codespace jupyter|codespace ports|codespace rebuild|codespace ssh|codespace stop|cs code|cs cp|cs create|cs delete|cs edit|cs ports|cs rebuild|cs ssh|cs stop': 'high: '
                                                                                                                                                                                                                                                                   'works '
                                                                                                                                                                                                                                                                   'on '
                                                                                                                                                                                                                                                                   'a '
                                                                                                                                                                                                                                                                   'machine '
                                                                                                                                                                                                                                                                   'in '
                                                                                                                                                                                                                                                                   'the '
                                                                                                                                                                                                                                                                   'cloud',
                     'attestation download|at download': 'medium: downloads files',
                     'copilot|copilot suggest|copilot explain|models run|models eval': 'high: '
                                                                                       'sends text '
                                                                                       'to a '
                                                                                       'service',
                     'api': {'risk': 'low: a read call',
                             'rules': [{'operand': '*',
                                        'with': '-f',
                                        'without': '-X=GET',
                                        'risk': 'high: changes things on the forge'},
                                       {'operand': '*',
                                        'with': '-F',
                                        'without': '-X=GET',
                                        'risk': 'high: changes things on the forge'},
                                       {'operand': '*://*',
                                        'risk': 'high: sends a token to an address'}],
                             'flags': {'-X, --method': 'value; high: changes things on the forge',
                                       '-X=GET, --method=': 'value',
                                       '-X=HEAD, --method=': 'value',
                                       '-f, --raw-field': 'value',
                                       '-F, --field': 'value',
                                       '-F=*=@*, --field=': 'value; high: sends a file',
                                       '--input': 'send; high: changes things on the forge',
                                       '-H, --header, -q, --jq, -t, --template, -p, --preview, --cache, --hostname': 'value',
                                       '-i, --include, --paginate, --slurp, --silent, --verbose': 'flag'}},
                     'api graphql': {'risk': 'low: a query',
                                     'flags': {'-X, --method': 'value',
                                               '-f, --raw-field, -F, --field': 'value',
                                               '-f=*mutation*, --raw-field=, -F=, --field=': 'value; '
                                                                                             'high: '
                                                                                             'changes '
                                                                                             'things '
                                                                                             'on '
                                                                                             'the '
                                                                                             'forge',
                                               '-f=query=query*, --raw-field=, -F=, --field=': 'value',
                                               '-f=query={*, --raw-field=, -F=, --field=': 'value',
                                               '-f=query=[ \n\t]*query*{*, --raw-field=, -F=, --field=': 'value',
                                               '-f=query=[ \n\t]*{*, --raw-field=, -F=, --field=': 'value',
                                               '-f=query=*, --raw-field=, -F=, --field=': 'value; '
                                                                                          'high: a '
                                                                                          'query '
                                                                                          'that '
                                                                                          'cannot '
                                                                                          'be seen',
                                               '-f=*\x00*, --raw-field=, -F=, --field=': 'value',
                                               '--input': 'send; high: changes things on the forge',
                                               '-H, --header, -q, --jq, -t, --template, -p, --preview, --cache, --hostname': 'value',
                                               '-i, --include, --paginate, --slurp, --silent, --verbose': 'flag'}}}},
 'glab': {'risk': 'high: an unknown subcommand may be an alias',
          'bare': 'low: shows its help',
          'help': ['--help', '-h', '--version', '-v'],
          'flags': {'-R, --repo, -g, --group': 'value'},
          'commands': {'help|version|completion|check-update': 'low: shows help',
                       'mr list|mr ls|mr view|mr show|mr diff|mr approvers|mr issues|mr note list|issue list|issue ls|issue view|issue show|ci list|ci ls|ci view|ci status|ci stats|ci get|ci trace|ci lint|ci config compile|pipe list|pipe view|pipe status|pipeline list|pipeline view|pipeline status|job list|job view|repo list|repo view|repo search|repo contributors|project list|project view|release list|release view|label list|milestone list|milestone get|snippet list|schedule list|schedule ls|user events|iteration list|ssh-key list|ssh-key get|deploy-key list|deploy-key get|incident list|incident view|changelog generate|auth status|alias list|config get|cluster agent list|cluster graph|token list|securefile list|opentofu state list|stack list|runner list': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'only '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'looks',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                'flags': {'-t, --show-token': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              'shows '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              'token'}},
                       'mr checkout|repo clone|project clone|ci artifact|job artifact|release download|securefile download|stack create|stack switch|stack move|stack next|stack prev|stack first|stack last': 'medium: '
                                                                                                                                                                                                               'copies '
                                                                                                                                                                                                               'to '
                                                                                                                                                                                                               'this '
                                                                                                                                                                                                               'machine',
                       'mr create|mr new|mr for|mr approve|mr revoke|mr close|mr delete|mr merge|mr accept|mr note|mr rebase|mr reopen|mr subscribe|mr unsubscribe|mr todo|mr update|issue create|issue new|issue close|issue delete|issue note|issue reopen|issue subscribe|issue unsubscribe|issue update|issue board|ci run|ci run-trig|ci retry|ci cancel|ci delete|ci trigger|repo create|repo fork|repo delete|repo archive|repo mirror|repo transfer|repo update|repo members add|release create|release upload|release delete|label create|label delete|milestone create|milestone edit|milestone delete|snippet create|schedule create|schedule run|schedule delete|schedule update|incident close|incident note|incident reopen|stack sync|stack save|stack amend': {'risk': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'things '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'on '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'forge',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               'flags': {'-t, --title, -d, --description, -m, --message, -l, --label, -a, --assignee, -b, --target-branch, -s, --source-branch, --reviewer': 'value'}},
                       'variable list|variable get|variable export|variable set|variable update|variable delete|token create|token revoke|token rotate|auth login|auth logout|auth configure-docker|auth docker-helper|ssh-key add|ssh-key delete|deploy-key add|deploy-key delete|securefile create|securefile remove': 'high: '
                                                                                                                                                                                                                                                                                                                         'touches '
                                                                                                                                                                                                                                                                                                                         'credentials',
                       'alias set': {'risk': "high: changes the user's commands",
                                     'operands': 'value code:alias'},
                       'alias delete|config set|config edit|mcp serve': "high: changes the user's "
                                                                        'settings',
                       'duo ask': 'high: sends text to a service',
                       'api': {'risk': 'low: a read call',
                               'rules': [{'operand': '*',
                                          'with': '-f',
                                          'without': '-X=GET',
                                          'risk': 'high: changes things on the forge'},
                                         {'operand': '*',
                                          'with': '-F',
                                          'without': '-X=GET',
                                          'risk': 'high: changes things on the forge'},
                                         {'operand': '*://*',
                                          'risk': 'high: sends a token to an address'}],
                               'flags': {'-X, --method': 'value; high: changes things on the forge',
                                         '-X=GET, --method=': 'value',
                                         '-X=HEAD, --method=': 'value',
                                         '-f, --raw-field': 'value',
                                         '-F, --field': 'value',
                                         '--input': 'send; high: changes things on the forge',
                                         '-H, --header, --hostname, --output': 'value',
                                         '-i, --include, --paginate, --silent': 'flag'}}}},
 'act': {'risk': 'high: runs workflows with the actions that they name',
         'flags': {'-l, --list, -g, --graph, -n, --dryrun, --bug-report, --man-page, --list-options': 'low: '
                                                                                                      'only '
                                                                                                      'looks',
                   '-W, --workflows, -j, --job, -P, --platform, -s, --secret, --secret-file, --env, --env-file, --var, --var-file, -e, --eventpath, -C, --directory, --matrix, --input, --container-architecture, --artifact-server-path, -a, --actor': 'value'},
         'help': ['--help', '-h', '--version']},
 'tea': {'risk': 'high: an unknown subcommand',
         'bare': 'low: shows its help',
         'help': ['--help', '-h', '--version', '-v'],
         'flags': {'-r, --repo, -R, --remote, -l, --login, -o, --output': 'value'},
         'commands': {'issues|issue|pulls|pr|releases|labels|milestones|repos|branches|notifications|times|organizations': {'risk': 'high: '
                                                                                                                                    'changes '
                                                                                                                                    'things '
                                                                                                                                    'on '
                                                                                                                                    'the '
                                                                                                                                    'forge',
                                                                                                                            'bare': 'low: '
                                                                                                                                    'lists'},
                      'issues list|issues ls|issue ls|pulls list|pulls ls|pr ls|releases list|releases ls|labels list|milestones list|milestones ls|repos list|repos ls|repos search|branches list|notifications ls|times list|whoami|man': 'low: '
                                                                                                                                                                                                                                            'only '
                                                                                                                                                                                                                                            'looks',
                      'pulls checkout|pr checkout|clone|open': 'medium: copies to this machine'}}}
