"""After the hand-out: deadlines, taking back, declining, pulling, covering, handing over."""
