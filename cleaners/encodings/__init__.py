"""What :mod:`cleaners.decoding` is made of: labels, legacy codecs, samples, costs, segments."""
