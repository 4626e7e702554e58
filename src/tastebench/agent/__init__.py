"""The personalization-agent face, for programs written against the withdrawn agent API."""
