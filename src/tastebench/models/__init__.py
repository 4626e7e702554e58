"""The models outside: the encoder, and the local language model."""
