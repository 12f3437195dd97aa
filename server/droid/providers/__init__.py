"""Model providers: the wire formats of HTTP API families, to and from domain messages.

`factory.Providers` is the way in; it imports a wire, and with it the HTTP client, when a model that
speaks it is first asked.
"""
