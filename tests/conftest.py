"""What holds for all tests: signals end a process that they start, whatever ran the tests.

A shell has what it runs in the background ignore `SIGINT`, `nohup` has it ignore `SIGHUP`, and a program
that is started inherits that.
"""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
