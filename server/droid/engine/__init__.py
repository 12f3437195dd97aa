"""The loop: sessions, turns, steps, the gate. Knows no protocol and no provider."""
