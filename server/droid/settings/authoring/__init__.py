"""Settings files while somebody writes them: what an editor shows of a buffer, whatever state it is in.

Everything here is a function of the buffer's text and of a `Snapshot`; places are offsets in the text.
"""
