"""Which leads a campaign finds. Imports only the engine and itself; gets records and values, never a campaign."""
