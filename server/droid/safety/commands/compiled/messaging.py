"""Written from `programs/messaging.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'kafka-topics': {'risk': 'high: changes a cluster',
                  'flags': {'--list, --describe': 'low: only looks',
                            '--create, --delete, --alter, --add, --remove, --reset-offsets, --execute, --delete-offsets': 'high: '
                                                                                                                          'changes '
                                                                                                                          'a '
                                                                                                                          'cluster',
                            '--bootstrap-server, --zookeeper, --topic, --group, --partitions, --replication-factor, --config, --command-config, --entity-type, --entity-name, --add-config, --delete-config, --timeout, --broker-list, --state, --offsets, --members, --principal': 'value',
                            '--command-config-file': 'read',
                            '--dry-run': 'flag',
                            '--version': 'low: shows its version'},
                  'rules': [{'operand': ['describe', 'list', 'cluster-id'],
                             'at': 0,
                             'risk': 'low: only looks'}]},
 'kafka-console-consumer': {'risk': 'low: reads messages',
                            'flags': {'--bootstrap-server, --topic, --group, --max-messages, --partition, --offset, --timeout-ms, --property, --consumer-property, --files': 'value',
                                      '--consumer.config': 'read',
                                      '--formatter': 'value; medium: names a class that is run',
                                      '--from-beginning': 'flag'}},
 'kafka-console-producer': {'risk': 'high: changes a cluster'},
 'kafkactl': {'risk': 'high: changes a cluster',
              'bare': 'low',
              'flags': {'--context, -b, --brokers, -X, --config, --profile, --environment, --cluster, --admin-url, -o, --output, --auth-plugin, --auth-params, -u': 'value',
                        '-v, --verbose': 'flag'},
              'commands': {'help|version|get|get topics|get consumer-groups|get brokers|describe|describe topic|describe consumer-group|describe broker|consume|topic list|topic describe|topic consume|group list|group describe|cluster info|cluster health|cluster status|cluster metadata|kafka topic list|kafka topic describe|kafka topic consume|kafka cluster list|kafka cluster describe|environment list|topics list|topics stats|topics stats-internal|topics info|namespaces list|tenants list|clusters list|brokers list|config get-contexts|config current-context|iam user list|schema-registry subject list|schema-registry schema list': 'low'}},
 'rabbitmqctl': {'risk': 'high: changes a broker',
                 'bare': 'low',
                 'flags': {'-n, --node, -t, --timeout, -p, --vhost, --formatter': 'value',
                           '-l, --longnames, -q, --quiet, -s, --silent': 'flag'},
                 'commands': {'help|version|status|list|cluster_status|environment|node_health_check|report|ping|check_*|is_booting|is_running|list_queues|list_exchanges|list_bindings|list_connections|list_channels|list_consumers|list_users|list_vhosts|list_permissions|list_policies|list_parameters|list_global_parameters|list_operator_policies|list_topic_permissions|list_user_permissions|list_user_limits|list_vhost_limits|list_feature_flags|list_hashes|list_ciphers|list_unresponsive_queues|list_node_auth_attempt_stats|alarms|listeners|memory_breakdown|runtime_thread_stats|server_version|erlang_version|directories|log_location|log_tail|observer|resolve_hostname|tls_versions|cipher_suites|maybe_stuck|quorum_status|check_running|check_local_alarms|check_port_connectivity|check_port_listener|check_virtual_hosts|check_alarms|check_if_node_is_quorum_critical|is_enabled|directories': 'low'}},
 'rabbitmqadmin': {'risk': 'high: changes a broker',
                   'bare': 'low',
                   'flags': {'-H, --host, -P, --port, -V, --vhost, -u, --username, -p, --password, -c, --config, -N, --node, -f, --format, -d, --depth, -S, --sort, --path-prefix, -b, --base-uri': 'value',
                             '-q, --quiet, -s, --ssl, -k': 'flag'},
                   'commands': {'help|list|show': 'low',
                                'export': {'risk': 'medium: writes a file', 'operands': 'write'}}},
 'mosquitto_passwd': {'risk': 'high: sends messages or works a broker'},
 'airflow': {'risk': 'high: runs jobs or changes what runs',
             'bare': 'low',
             'flags': {'-A, --app, -b, --broker, --result-backend, --loader, --config, --workdir, -C, -n, --namespace, --address, --env, -o, --output, -u, --url, --tls-cert-path, --kubeconfig, --context, -t, -d, --queue, --profile': 'value',
                       '--no-color, -q, --quiet, --version, -v': 'flag'},
             'commands': {'help|status|inspect|report|list|events|info|result|dags list|dags show|dags list-runs|dags state|dags report|dags next-execution|tasks list|tasks state|tasks states-for-dag-run|jobs check|providers list|pools list|roles list|db check|db check-migrations|cheat-sheet|version|workflow list|workflow describe|workflow show|workflow count|task-queue describe|operator cluster health|operator namespace list|operator namespace describe|schedule list|schedule describe|batch list|batch describe|deployment ls|deployment inspect|flow-run ls|flow-run logs|flow-run inspect|work-pool ls|work-queue ls|profile ls|get|logs|watch|wait|lint|template list|cron list|list jobs|summary|memory|list actors|list nodes|list tasks|classpath|diff|dag|params diff|metrics show|metrics diff|plots show|remote list|data status|doctor|experiments search|runs list|competitions list|competitions leaderboard|datasets list|datasets files|kernels list|kernels status|verify': 'low',
                          'worker|beat|flower|multi|standalone|webserver|scheduler|tasks test|dags test|repro|exp run|add|checkout|commit|fetch|pull|init|datasets download|competitions download|run add|ui|dev|server start-dev|offline|remote add|stage add|import|import-url|freeze|move': 'medium: '
                                                                                                                                                                                                                                                                                               'runs '
                                                                                                                                                                                                                                                                                               'the '
                                                                                                                                                                                                                                                                                               "project's "
                                                                                                                                                                                                                                                                                               'code'}},
 'elasticdump': {'risk': 'high: changes a live database or starts a server',
                 'flags': {'--input, --output, --type, --limit, --host, --config, -h, -p, -u, -pw': 'value'},
                 'rules': [{'operand': ['status',
                                        'list',
                                        'info',
                                        'ring',
                                        'tpstats',
                                        'tablestats',
                                        'cfstats',
                                        'describecluster',
                                        'describering',
                                        'gossipinfo',
                                        'netstats',
                                        'compactionstats',
                                        'compactionhistory',
                                        'getendpoints',
                                        'gettimeout',
                                        'gcstats',
                                        'proxyhistograms',
                                        'tablehistograms',
                                        'version',
                                        'toppartitions',
                                        'statusgossip',
                                        'statusbinary'],
                            'at': 0,
                            'risk': 'low: only looks'}]},
 'hdfs': {'risk': 'high: changes files of a cluster',
          'bare': 'low',
          'single_dash': True,
          'flags': {'--config, -fs, -conf, -D, --loglevel': 'value'},
          'commands': {'dfs|fs': {'risk': 'high: changes files of a cluster',
                                  'bare': 'high: changes files of a cluster',
                                  'flags': {'-ls, -cat, -du, -df, -stat, -tail, -head, -count, -test, -find, -text, -checksum, -help, -usage': 'low: '
                                                                                                                                               'only '
                                                                                                                                               'looks',
                                            '-rm, -rmdir, -rmr, -mv, -cp, -put, -copyFromLocal, -moveFromLocal, -appendToFile, -chmod, -chown, -chgrp, -mkdir, -touchz, -touch, -setrep, -setfacl, -setfattr, -truncate, -expunge, -get, -getmerge, -copyToLocal, -moveToLocal, -createSnapshot, -deleteSnapshot, -renameSnapshot': 'high: '
                                                                                                                                                                                                                                                                                                                                    'changes '
                                                                                                                                                                                                                                                                                                                                    'files '
                                                                                                                                                                                                                                                                                                                                    'of '
                                                                                                                                                                                                                                                                                                                                    'a '
                                                                                                                                                                                                                                                                                                                                    'cluster'}},
                       'dfsadmin': {'risk': 'high: changes a cluster',
                                    'flags': {'-report, -printTopology': 'low: only looks'}},
                       'version|classpath|envvars|checknative|getconf': 'low'}}}
