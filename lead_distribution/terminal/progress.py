"""A progress bar for long runs; only on a terminal, silent when piped."""

import time

WIDTH = 40
SHOWN_FROM = 500  # leads


class Progress:
    """Counts what is done. ``with Progress(total, stream) as progress: progress.advance(100)``."""

    def __init__(self, total, stream):
        self.total = total
        self.done = 0
        self.stream = stream
        self.started = time.monotonic()
        self.is_shown = total >= SHOWN_FROM and stream.isatty()

    def __enter__(self):
        self._draw()
        return self

    def __exit__(self, *error):
        if self.is_shown:
            self.stream.write("\r" + " " * (WIDTH + 40) + "\r")
            self.stream.flush()

    def advance(self, count):
        self.done = min(self.total, self.done + count)
        self._draw()

    def _draw(self):
        if not self.is_shown:
            return
        filled = WIDTH * self.done // self.total
        seconds = time.monotonic() - self.started
        bar = "#" * filled + "." * (WIDTH - filled)
        self.stream.write(f"\r[{bar}] {self.done:,} / {self.total:,}  {seconds:.0f} s")
        self.stream.flush()
