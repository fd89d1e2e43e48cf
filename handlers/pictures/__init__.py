"""Pictures that go with words: drawn from the same values, and never the only place where a thing is said."""
