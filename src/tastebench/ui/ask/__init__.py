"""The page of a persona's question: what answers it, and how the persona bends the answer."""
