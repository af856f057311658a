"""How the sources are: judged by their own history, shown to people and to monitoring."""
