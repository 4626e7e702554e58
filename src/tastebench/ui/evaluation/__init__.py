"""The page that measures: what is asked, what came out, which weights would have been better."""
